"use client";

import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import type { Analytics } from "@/lib/api";
import { compact, count, heavy } from "@/lib/numbers";
import { useFeed } from "@/lib/live/live";
import { analyticsQuery } from "@/lib/queries";
import { useMay } from "@/lib/session";
import { texts } from "@/lib/texts";
import { addDays, clockWithSeconds, isoDay } from "@/lib/time";
import { useNow } from "@/lib/use-now";
import { ButtonLink } from "@/ui/button";
import { DayColumns } from "@/ui/charts/day-columns";
import { Figure, Figures } from "@/ui/figures";
import { PageHead } from "@/ui/page-head";
import { Panel } from "@/ui/panel";
import { Failed, Loading } from "@/ui/states";
import { statusIcons } from "@/ui/status-badge";
import { statuses } from "../bookings/filters";
import { PopularRoutes } from "../analytics/popular-routes";
import styles from "./dashboard.module.css";
import { LatePanel } from "./late-panel";
import { LiveFeed } from "./live-feed";

const words = texts.dashboard;
const DAYS = 30;
const SHOWN_DAYS = 14;

export function DashboardView() {
  const now = useNow() ?? 0;
  const mayBook = useMay("agent");
  const today = isoDay(now, "UTC");
  const figures = useQuery({ ...analyticsQuery(addDays(today, 1 - DAYS), today), refetchInterval: 60_000 });
  useRefetchOnEvents(figures.data?.as_of, () => void figures.refetch());
  return (
    <>
      <PageHead
        title={words.title}
        lead={figures.data ? words.asOf(clockWithSeconds(figures.data.as_of)) : "\u00a0"}
        actions={
          <>
            <ButtonLink href="/routes/">{words.findRoute}</ButtonLink>
            {mayBook && (
              <ButtonLink look="primary" href="/bookings/new/">
                {texts.frame.pages.newBooking}
              </ButtonLink>
            )}
          </>
        }
      />
      {figures.data ? (
        <Counts figures={figures.data} />
      ) : (
        figures.isPending && <CountsLoading />
      )}
      <div className={styles.grid}>
        <Panel title={words.perDay} about={words.lastDays(SHOWN_DAYS)} className={styles.wide}>
          {figures.data ? (
            <DayColumns
              label={words.perDay}
              days={figures.data.by_day.slice(-SHOWN_DAYS).map((each) => ({ day: each.day, value: each.bookings }))}
              show={count}
              showShort={compact}
            />
          ) : figures.isError ? (
            <Failed error={figures.error} retry={() => void figures.refetch()} />
          ) : (
            <Loading lines={7} />
          )}
        </Panel>
        <Panel title={words.live} className={styles.narrow} flush>
          <LiveFeed />
        </Panel>
        <LatePanel now={now} />
        <Panel title={words.weightPerDay} about={words.lastDays(SHOWN_DAYS)} className={styles.half}>
          {figures.data ? (
            <DayColumns
              label={words.weightPerDay}
              days={figures.data.by_day.slice(-SHOWN_DAYS).map((each) => ({ day: each.day, value: each.weight_kg }))}
              show={heavy}
              showShort={compact}
              height={220}
            />
          ) : (
            !figures.isError && <Loading lines={7} />
          )}
        </Panel>
        <Panel title={words.popular} about={words.lastDays(DAYS)} className={styles.half}>
          {figures.data ? <PopularRoutes figures={figures.data} most={8} /> : !figures.isError && <Loading lines={7} />}
        </Panel>
      </div>
    </>
  );
}

function Counts({ figures }: { figures: Analytics }) {
  return (
    <Figures>
      <Figure name={words.bookings} value={count(figures.bookings)} about={words.lastDays(DAYS)} href="/bookings/" />
      {statuses.map((status) => {
        const Icon = statusIcons[status];
        return (
          <Figure
            key={status}
            href={`/bookings/?status=${status}`}
            name={
              <>
                <Icon aria-hidden style={{ color: `var(--${status.toLowerCase()})` }} />
                {texts.status[status]}
              </>
            }
            value={count(figures.by_status[status])}
            about={words.now}
          />
        );
      })}
      <Figure name={words.weight} value={heavy(figures.weight_kg)} about={words.lastDays(DAYS)} />
    </Figures>
  );
}

function CountsLoading() {
  return (
    <Figures>
      {Array.from({ length: statuses.length + 2 }, (_, at) => (
        <Figure key={at} name={"\u00a0"} value={"\u00a0"} about={"\u00a0"} />
      ))}
    </Figures>
  );
}

/** The server works its figures out anew every 30 s at most; after an event it is asked when it will have. */
const FIGURES_LAST_MS = 31_000;

function useRefetchOnEvents(asOf: string | undefined, refetch: () => void) {
  const latest = useFeed()[0]?.created_at;
  useEffect(() => {
    if (!asOf || !latest || Date.parse(latest) < Date.parse(asOf)) return;
    const wait = Math.max(0, Date.parse(asOf) + FIGURES_LAST_MS - Date.now());
    const timer = setTimeout(refetch, wait);
    return () => clearTimeout(timer);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- `refetch` is another one each time and does the same
  }, [asOf, latest]);
}
