"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useRouter, useSearchParams } from "next/navigation";
import { useState } from "react";
import type { Analytics } from "@/lib/api";
import { limits } from "@/lib/limits";
import { compact, count, heavy, percent } from "@/lib/numbers";
import { analyticsQuery } from "@/lib/queries";
import { texts } from "@/lib/texts";
import { addDays, clockWithSeconds, duration, isoDay } from "@/lib/time";
import { BarList } from "@/ui/charts/bar-list";
import { DayColumns } from "@/ui/charts/day-columns";
import { Field } from "@/ui/field";
import { Figure, Figures } from "@/ui/figures";
import { PageHead } from "@/ui/page-head";
import { Panel } from "@/ui/panel";
import { Failed, Loading } from "@/ui/states";
import { StatusBadge } from "@/ui/status-badge";
import { statuses } from "../bookings/filters";
import styles from "./analytics.module.css";
import { PopularRoutes } from "./popular-routes";
import { rangeOf, type Range } from "./range";

const words = texts.analytics;

export function AnalyticsView() {
  const params = useSearchParams();
  const router = useRouter();
  const [today] = useState(() => isoDay(Date.now(), "UTC"));
  const range = rangeOf(new URLSearchParams(params), today);
  const figures = useQuery({ ...analyticsQuery(range.from, range.to), placeholderData: keepPreviousData });
  const change = (next: Range) => router.replace(`?${new URLSearchParams(next)}`, { scroll: false });
  return (
    <>
      <PageHead
        title={words.title}
        lead={figures.data ? words.lead(clockWithSeconds(figures.data.as_of)) : "\u00a0"}
        actions={<RangeFields range={range} today={today} onChange={change} />}
      />
      {figures.data ? (
        <Shown figures={figures.data} />
      ) : figures.isError ? (
        <Failed error={figures.error} retry={() => void figures.refetch()} />
      ) : (
        <Loading lines={12} />
      )}
    </>
  );
}

type RangeProps = { range: Range; today: string; onChange: (range: Range) => void };

function RangeFields({ range, today, onChange }: RangeProps) {
  const earliest = addDays(range.to, 1 - limits.analyticsDays);
  return (
    <div className={styles.range}>
      <Field label={words.from}>
        {(control) => (
          <input
            {...control}
            type="date"
            value={range.from}
            min={earliest}
            max={range.to}
            onChange={(event) => event.target.value && onChange({ ...range, from: event.target.value })}
          />
        )}
      </Field>
      <Field label={words.to}>
        {(control) => (
          <input
            {...control}
            type="date"
            value={range.to}
            max={today}
            onChange={(event) => event.target.value && onChange({ ...range, to: event.target.value })}
          />
        )}
      </Field>
    </div>
  );
}

function Shown({ figures }: { figures: Analytics }) {
  const days = figures.by_day.length;
  const { transit } = figures;
  const mean = figures.bookings === 0 ? 0 : figures.weight_kg / figures.bookings;
  const cancelled = figures.bookings === 0 ? 0 : figures.by_status.CANCELLED / figures.bookings;
  return (
    <>
      <Figures>
        <Figure name={words.bookings} value={count(figures.bookings)} about={texts.common.days(days)} />
        <Figure name={words.weight} value={heavy(figures.weight_kg)} about={words.meanWeight(heavy(Math.round(mean)))} />
        <Figure
          name={words.transit}
          value={transit.mean_minutes === undefined ? texts.common.none : duration(transit.mean_minutes)}
          about={words.transitOf(transit.arrived)}
        />
        <Figure name={words.cancelled} value={percent(cancelled)} about={words.cancelledOf(figures.by_status.CANCELLED)} />
      </Figures>
      <div className={styles.grid}>
        <Panel title={words.perDay}>
          <DayColumns
            label={words.perDay}
            days={figures.by_day.map((each) => ({ day: each.day, value: each.bookings }))}
            show={count}
            showShort={compact}
          />
        </Panel>
        <Panel title={words.weightPerDay}>
          <DayColumns
            label={words.weightPerDay}
            days={figures.by_day.map((each) => ({ day: each.day, value: each.weight_kg }))}
            show={heavy}
            showShort={compact}
          />
        </Panel>
        <Panel title={words.popular}>
          <PopularRoutes figures={figures} />
        </Panel>
        <Panel title={words.byStatus}>
          <BarList
            bars={statuses.map((status) => ({
              id: status,
              name: <StatusBadge status={status} />,
              value: figures.by_status[status],
              shown: count(figures.by_status[status]),
              colour: `var(--${status.toLowerCase()})`,
            }))}
          />
        </Panel>
      </div>
    </>
  );
}
