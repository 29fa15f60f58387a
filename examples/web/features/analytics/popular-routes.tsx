import { Link } from "@/ui/link";
import type { Analytics } from "@/lib/api";
import { count } from "@/lib/numbers";
import { texts } from "@/lib/texts";
import { BarList } from "@/ui/charts/bar-list";
import { Lane } from "@/ui/lane";

/** Where most bookings go; each leads to its bookings. */
export function PopularRoutes({ figures, most = 10 }: { figures: Analytics; most?: number }) {
  const bars = figures.popular_routes.slice(0, most).map(({ origin, destination, bookings }) => ({
    id: `${origin}-${destination}`,
    name: (
      <Link href={`/bookings/?origin=${origin}&destination=${destination}`}>
        <Lane from={origin} to={destination} />
      </Link>
    ),
    value: bookings,
    shown: count(bookings),
  }));
  return bars.length > 0 ? <BarList bars={bars} /> : <p>{texts.analytics.nothing}</p>;
}
