"use client";

import { Controller, type UseFormReturn } from "react-hook-form";
import type { Act, Booking } from "@/lib/api";
import { texts } from "@/lib/texts";
import { AirportField } from "@/ui/airport-field";
import { Check, Field } from "@/ui/field";
import type { ActValues } from "./act-form";
import styles from "./acts.module.css";

type Props = { form: UseFormReturn<ActValues>; act: Act; booking: Booking };

const words = texts.booking;

/** For what did not happen where it was planned. */
export function OtherPlace({ form, act, booking }: Props) {
  const { errors } = form.formState;
  const legs = booking.legs ?? [];
  return (
    <details className={styles.other} open={Boolean(errors.location ?? errors.flight_id)}>
      <summary>{words.otherPlace}</summary>
      <div>
        <Controller
          control={form.control}
          name="location"
          render={({ field }) => (
            <AirportField {...field} label={words.place} optional error={errors.location?.message} />
          )}
        />
        {act !== "deliver" && legs.length > 0 && (
          <Field label={words.flight} optional error={errors.flight_id?.message}>
            {(control) => (
              <select {...control} {...form.register("flight_id")}>
                <option value="">{words.asPlanned}</option>
                {legs.map((leg) => (
                  <option key={leg.flight_id} value={leg.flight_id}>
                    {leg.flight_number}, {texts.common.lane(leg.origin, leg.destination)}
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
        <Check {...form.register("off_plan")} label={words.recordOffPlan} />
      </div>
    </details>
  );
}
