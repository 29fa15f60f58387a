"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { UseFormReturn } from "react-hook-form";
import { notify } from "@/lib/notices";
import { flightQuery } from "@/lib/queries";
import { texts } from "@/lib/texts";
import { isoDay } from "@/lib/time";
import { nameAirport } from "@/lib/airport-names";
import type { BookingValues, CheckedBooking } from "./schema";

/** Flights that the address names fill the form: that is how "book this" leads here. */
export function useGivenFlights(form: UseFormReturn<BookingValues, unknown, CheckedBooking>, given: string | null): void {
  const client = useQueryClient();
  const { setValue } = form;
  useEffect(() => {
    const ids = (given ?? "").split(",").filter((id) => /^[0-9]{1,18}$/.test(id)).map(Number);
    if (ids.length === 0) return;
    let wanted = true;
    const fill = async () => {
      const flights = await Promise.all(ids.map((id) => client.fetchQuery(flightQuery(id))));
      const first = flights[0];
      const last = flights.at(-1);
      if (!first || !last) return;
      const zone = (await nameAirport(first.origin).catch(() => null))?.time_zone;
      if (!wanted) return;
      setValue("origin", first.origin);
      setValue("destination", last.destination);
      setValue("date", isoDay(Date.parse(first.departure_datetime), zone));
      setValue("flight_ids", ids);
    };
    fill().catch(() => notify(texts.newBooking.flightsGone));
    return () => {
      wanted = false;
    };
  }, [given, client, setValue]);
}
