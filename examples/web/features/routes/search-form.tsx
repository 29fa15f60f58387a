"use client";

import { ArrowLeftRight, Search as SearchIcon } from "lucide-react";
import { Controller, type UseFormReturn } from "react-hook-form";
import type * as z from "@/lib/zod";
import { useCheckedForm } from "@/lib/forms";
import { texts } from "@/lib/texts";
import { AirportField } from "@/ui/airport-field";
import { Button } from "@/ui/button";
import { Field } from "@/ui/field";
import styles from "./routes.module.css";
import { isRefined, orders, searchSchema, stops, type Search } from "./search";

const words = texts.routes;

type Props = { search: Search; onSearch: (search: Search) => void };
type Form = UseFormReturn<Search, unknown, z.output<typeof searchSchema>>;

export function SearchForm({ search, onSearch }: Props) {
  const form = useCheckedForm(searchSchema, search);
  const { errors } = form.formState;
  const send = form.handleSubmit(() => onSearch(form.getValues()));
  const swap = () => {
    const { from, to } = form.getValues();
    form.setValue("from", to);
    form.setValue("to", from);
  };
  return (
    <form role="search" className={styles.form} onSubmit={(event) => void send(event)} noValidate>
      <div className={styles.main}>
        <Controller
          control={form.control}
          name="from"
          render={({ field }) => (
            <AirportField {...field} label={texts.common.from} error={errors.from?.message} />
          )}
        />
        <Button className={styles.swap} size="icon" look="quiet" aria-label={words.swap} title={words.swap} onClick={swap}>
          <ArrowLeftRight aria-hidden />
        </Button>
        <Controller
          control={form.control}
          name="to"
          render={({ field }) => <AirportField {...field} label={texts.common.to} error={errors.to?.message} />}
        />
        <Field label={words.date} hint={words.dateHint} error={errors.date?.message}>
          {(control) => <input {...control} type="date" {...form.register("date")} />}
        </Field>
        <Field label={words.stops}>
          {(control) => (
            <select {...control} {...form.register("stops")}>
              {stops.map((each) => (
                <option key={each} value={each}>
                  {words.stopNames[each]}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={words.order}>
          {(control) => (
            <select {...control} {...form.register("order")}>
              {orders.map((each) => (
                <option key={each} value={each}>
                  {words.orders[each]}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Button type="submit" look="primary" className={styles.go}>
          <SearchIcon aria-hidden />
          {words.search}
        </Button>
      </div>
      <Refine form={form} open={isRefined(search)} />
    </form>
  );
}

function Refine({ form, open }: { form: Form; open: boolean }) {
  const { errors } = form.formState;
  const lists = ["via", "avoid", "airlines"] as const;
  const times = ["after", "before"] as const;
  const numbers = ["hours", "connection"] as const;
  return (
    <details className={styles.more} open={open}>
      <summary>{words.refine}</summary>
      <div className={styles.refine}>
        {lists.map((name) => (
          <Field key={name} label={words.fields[name]} hint={words.hints[name]} error={errors[name]?.message}>
            {(control) => <input {...control} {...form.register(name)} spellCheck={false} autoComplete="off" />}
          </Field>
        ))}
        {times.map((name) => (
          <Field key={name} label={words.fields[name]} hint={texts.common.utc} error={errors[name]?.message}>
            {(control) => <input {...control} type="datetime-local" {...form.register(name)} />}
          </Field>
        ))}
        {numbers.map((name) => (
          <Field key={name} label={words.fields[name]} hint={words.hints[name]} error={errors[name]?.message}>
            {(control) => <input {...control} inputMode="numeric" {...form.register(name)} autoComplete="off" />}
          </Field>
        ))}
      </div>
    </details>
  );
}
