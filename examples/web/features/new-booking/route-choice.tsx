"use client";

import { useWatch, type UseFormReturn } from "react-hook-form";
import type { Itinerary, RouteSearch } from "@/lib/api";
import { capitalised } from "@/lib/failures";
import { limits } from "@/lib/limits";
import { texts } from "@/lib/texts";
import { duration } from "@/lib/time";
import { Button } from "@/ui/button";
import { Field } from "@/ui/field";
import { Panel } from "@/ui/panel";
import { Failed, Loading } from "@/ui/states";
import { When } from "@/ui/when";
import { idOf } from "../routes/search";
import { useRoutes } from "../routes/use-routes";
import styles from "./new-booking.module.css";
import type { BookingValues, CheckedBooking } from "./schema";

type Form = UseFormReturn<BookingValues, unknown, CheckedBooking>;

const words = texts.newBooking;
const SHOWN = 8;

/** Which flights it takes, or none yet. */
export function RouteChoice({ form }: { form: Form }) {
  const [origin, destination, date] = useWatch({ control: form.control, name: ["origin", "destination", "date"] });
  const search = searchFor(origin, destination, date);
  return (
    <Panel title={words.route}>
      <div className={styles.when}>
        <Field label={words.date} hint={texts.routes.dateHint}>
          {(control) => <input {...control} type="date" {...form.register("date")} />}
        </Field>
      </div>
      {search ? <Options form={form} search={search} /> : <p className={styles.hint}>{words.needsEnds}</p>}
    </Panel>
  );
}

function searchFor(origin: string, destination: string, date: string): RouteSearch | null {
  const [from, to] = [origin.toUpperCase(), destination.toUpperCase()];
  const whole = limits.airportCode.test(from) && limits.airportCode.test(to) && from !== to && date !== "";
  return whole ? { origin: from, destination: to, departure_date: date, limit: SHOWN } : null;
}

function Options({ form, search }: { form: Form; search: RouteSearch }) {
  const found = useRoutes(search);
  const chosen = useWatch({ control: form.control, name: "flight_ids" });
  const all = [...found.direct, ...found.transit];
  const choose = (flights: number[]) => form.setValue("flight_ids", flights, { shouldDirty: true });
  return (
    <fieldset>
      <legend className="visually-hidden">{words.route}</legend>
      <div className={styles.options}>
        <label className={styles.option}>
          <input type="radio" name="route" checked={chosen.length === 0} onChange={() => choose([])} />
          <span>
            {words.noRoute}
            <span className={styles.flights}> {words.noRouteHint}</span>
          </span>
        </label>
        {all.map((itinerary) => (
          <Option
            key={idOf(itinerary)}
            itinerary={itinerary}
            checked={idOf(itinerary) === chosen.join("-")}
            onChoose={() => choose(itinerary.flights.map((flight) => flight.id))}
          />
        ))}
      </div>
      {found.isPending && <Loading lines={4} label={texts.routes.searching} />}
      {found.isError && <Failed error={found.error} retry={() => void found.refetch()} />}
      {found.isSuccess && all.length === 0 && (
        <p className={styles.hint}>{found.first?.detail ? capitalised(found.first.detail) : texts.routes.none}</p>
      )}
      {found.hasNextPage && (
        <div className={styles.more}>
          <Button size="small" busy={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
            {texts.common.more}
          </Button>
        </div>
      )}
    </fieldset>
  );
}

type OptionProps = { itinerary: Itinerary; checked: boolean; onChoose: () => void };

function Option({ itinerary, checked, onChoose }: OptionProps) {
  const first = itinerary.flights[0];
  const last = itinerary.flights.at(-1);
  if (!first || !last) return null;
  const stops = itinerary.flights.slice(0, -1).map((flight) => flight.destination);
  return (
    <label className={styles.option}>
      <input type="radio" name="route" checked={checked} onChange={onChoose} />
      <span className={styles.times}>
        <When at={first.departure_datetime} airport={first.origin} />
        <When at={last.arrival_datetime} airport={last.destination} />
        <span className={styles.flights}>
          <span className="code">{itinerary.flights.map((flight) => flight.flight_number).join(" · ")}</span>
          <br />
          {stops.length > 0 ? words.through(stops.join(", ")) : texts.routes.direct}
        </span>
      </span>
      <span className={styles.length}>{duration(itinerary.duration_minutes)}</span>
    </label>
  );
}
