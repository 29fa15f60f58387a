"use client";

import { RouteOff } from "lucide-react";
import { useMemo, useState } from "react";
import type { Itinerary, RouteSearch } from "@/lib/api";
import { capitalised } from "@/lib/failures";
import { counted } from "@/lib/numbers";
import { useMay } from "@/lib/session";
import { texts } from "@/lib/texts";
import { useAirports } from "@/lib/use-airport";
import { Button, ButtonLink } from "@/ui/button";
import { RouteMap, type MapLane } from "@/ui/map";
import { Panel } from "@/ui/panel";
import { Empty, Failed, Loading } from "@/ui/states";
import { AxisLabels } from "./axis-labels";
import { ItineraryCard } from "./itinerary-card";
import styles from "./routes.module.css";
import { bookingAddress, idOf } from "./search";
import { axisOf, type Axis } from "./time-bar";
import { useRoutes } from "./use-routes";

const words = texts.routes;

/** What was found, as a list with bars, and on the map. */
export function Results({ search }: { search: RouteSearch }) {
  const found = useRoutes(search);
  const { direct, transit } = found;
  const all = useMemo(() => [...direct, ...transit], [direct, transit]);
  const axis = useMemo(() => axisOf(all), [all]);
  const [chosen, setChosen] = useState<string | null>(null);
  const shown = all.find((itinerary) => idOf(itinerary) === chosen) ?? all[0];

  if (found.isPending) return <Loading lines={10} label={words.searching} />;
  if (found.isError && all.length === 0) return <Failed error={found.error} retry={() => void found.refetch()} />;
  if (!shown) return <Nothing detail={found.first?.detail} />;
  const group = { axis, shown, onShow: setChosen };
  return (
    <div className={styles.answer}>
      <div>
        <Group title={words.directTitle} total={found.first?.direct_total} itineraries={direct} {...group} />
        <Group title={words.transitTitle} total={found.first?.transit_total} itineraries={transit} {...group} />
        {found.hasNextPage && (
          <div className={styles.loadMore}>
            <Button busy={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
              {texts.common.more}
            </Button>
          </div>
        )}
      </div>
      <Panel title={words.map} className={styles.map}>
        <ResultMap all={all} shown={shown} />
      </Panel>
    </div>
  );
}

type GroupProps = {
  title: string;
  total: number | undefined;
  itineraries: readonly Itinerary[];
  axis: Axis;
  shown: Itinerary;
  onShow: (id: string) => void;
};

function Group({ title, total, itineraries, axis, shown, onShow }: GroupProps) {
  const mayBook = useMay("agent");
  if (itineraries.length === 0) return null;
  return (
    <section className={styles.group} aria-label={title}>
      <header className={styles.groupHead}>
        <h2>{title}</h2>
        <span>{counted(total ?? itineraries.length, words.itineraries)}</span>
      </header>
      <AxisLabels axis={axis} />
      <ol className={styles.list}>
        {itineraries.map((itinerary) => {
          const id = idOf(itinerary);
          return (
            <ItineraryCard
              key={id}
              itinerary={itinerary}
              axis={axis}
              shown={itinerary === shown}
              onShow={() => onShow(id)}
            >
              {mayBook && (
                <ButtonLink size="small" href={bookingAddress(itinerary)} aria-label={words.bookFlights(numbersOf(itinerary))}>
                  {words.book}
                </ButtonLink>
              )}
            </ItineraryCard>
          );
        })}
      </ol>
    </section>
  );
}

const numbersOf = (itinerary: Itinerary) => itinerary.flights.map((flight) => flight.flight_number).join(", ");

/** All that was found, faintly, and one of it clearly. */
function ResultMap({ all, shown }: { all: readonly Itinerary[]; shown: Itinerary }) {
  const lanes = useMemo(() => {
    const faint = new Map<string, MapLane>();
    for (const { flights } of all) {
      for (const { origin, destination } of flights) {
        faint.set(`${origin}-${destination}`, { from: origin, to: destination, look: "faint" });
      }
    }
    const clear = shown.flights.map((f): MapLane => ({ from: f.origin, to: f.destination, look: "flown" }));
    for (const { from, to } of clear) faint.delete(`${from}-${to}`);
    return [...faint.values(), ...clear];
  }, [all, shown]);
  const airports = useAirports(lanes.flatMap((lane) => [lane.from, lane.to]));
  const stops = [shown.flights[0]?.origin, ...shown.flights.map((flight) => flight.destination)];
  return <RouteMap lanes={lanes} airports={airports} label={words.mapOf(stops.join(", "))} height={420} />;
}

function Nothing({ detail }: { detail: string | undefined }) {
  return (
    <Empty icon={RouteOff} title={words.none}>
      {detail && <p>{capitalised(detail)}</p>}
    </Empty>
  );
}
