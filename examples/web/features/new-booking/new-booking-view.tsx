"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter, useSearchParams } from "next/navigation";
import { useState } from "react";
import { Controller } from "react-hook-form";
import { bookings, type NewBooking } from "@/lib/api";
import { showRefusal, useCheckedForm, useDraft, useIdempotencyKeys } from "@/lib/forms";
import { keys } from "@/lib/keys";
import { notify } from "@/lib/notices";
import { bookingPage } from "@/lib/pages";
import { useMay } from "@/lib/session";
import { texts } from "@/lib/texts";
import { isoDay } from "@/lib/time";
import { AirportField } from "@/ui/airport-field";
import { Button } from "@/ui/button";
import { Field } from "@/ui/field";
import { PageHead } from "@/ui/page-head";
import { Panel } from "@/ui/panel";
import { Alert } from "@/ui/states";
import styles from "./new-booking.module.css";
import { RouteChoice } from "./route-choice";
import { bookingSchema, noValues, toBody } from "./schema";
import { useGivenFlights } from "./use-given-flights";

const words = texts.newBooking;
const DRAFT = "new-booking";

export function NewBookingView() {
  const mayBook = useMay("agent");
  return (
    <>
      <PageHead title={words.title} lead={words.lead} />
      {mayBook ? <BookingForm /> : <Alert kind="plain">{words.viewer}</Alert>}
    </>
  );
}

function BookingForm() {
  const [today] = useState(() => isoDay(Date.now()));
  const form = useCheckedForm(bookingSchema, { ...noValues, date: today });
  const forget = useDraft(form, DRAFT);
  const { book, isPending } = useBook();
  const [refused, setRefused] = useState<string | null>(null);
  const { errors } = form.formState;
  useGivenFlights(form, useSearchParams().get("flights"));

  const send = form.handleSubmit(async (values) => {
    setRefused(null);
    try {
      await book(toBody(values), forget);
    } catch (error) {
      setRefused(showRefusal(form, error));
    }
  });
  const clear = () => {
    forget();
    setRefused(null);
    form.reset({ ...noValues, date: today });
  };
  /** Flights of another lane are none of this one. */
  const changeEnd = (name: "origin" | "destination", value: string) => {
    form.setValue(name, value, { shouldDirty: true });
    if (form.getValues("flight_ids").length > 0) form.setValue("flight_ids", []);
  };

  return (
    <form className={styles.page} onSubmit={(event) => void send(event)} noValidate>
      <Panel title={words.shipment}>
        <div className={styles.fields}>
          {(["origin", "destination"] as const).map((name) => (
            <Controller
              key={name}
              control={form.control}
              name={name}
              render={({ field }) => (
                <AirportField
                  {...field}
                  label={name === "origin" ? texts.common.from : texts.common.to}
                  error={errors[name]?.message}
                  onChange={(value) => value !== field.value && changeEnd(name, value)}
                />
              )}
            />
          ))}
          <div className={styles.pair}>
            <Field label={words.pieces} error={errors.pieces?.message}>
              {(control) => <input {...control} {...form.register("pieces")} inputMode="numeric" autoComplete="off" />}
            </Field>
            <Field label={words.weight} error={errors.weight_kg?.message}>
              {(control) => <input {...control} {...form.register("weight_kg")} inputMode="numeric" autoComplete="off" />}
            </Field>
          </div>
          <Field label={words.notes} optional hint={words.notesHint} error={errors.notes?.message}>
            {(control) => <textarea {...control} {...form.register("notes")} />}
          </Field>
          {refused && <Alert kind="bad">{refused}</Alert>}
          <div className={styles.foot}>
            <Button look="quiet" onClick={clear}>
              {texts.common.clear}
            </Button>
            <Button type="submit" look="primary" busy={isPending}>
              {words.submit}
            </Button>
          </div>
        </div>
      </Panel>
      <RouteChoice form={form} />
    </form>
  );
}

function useBook() {
  const client = useQueryClient();
  const router = useRouter();
  const keyOf = useIdempotencyKeys();
  const sent = useMutation({ mutationFn: (body: NewBooking) => bookings.book(body, keyOf(body)) });
  const book = async (body: NewBooking, onBooked: () => void) => {
    const made = await sent.mutateAsync(body);
    onBooked();
    client.setQueryData(keys.booking(made.ref_id), made);
    notify(words.done(made.ref_id));
    router.push(bookingPage(made.ref_id));
  };
  return { book, isPending: sent.isPending };
}
