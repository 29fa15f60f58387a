"use client";

import { useQuery } from "@tanstack/react-query";
import { PackageX } from "lucide-react";
import { useSearchParams } from "next/navigation";
import { useEffect } from "react";
import { isNotFound, type Booking } from "@/lib/api";
import { limits } from "@/lib/limits";
import { bookingQuery, historyQuery } from "@/lib/queries";
import { useMay } from "@/lib/session";
import { texts } from "@/lib/texts";
import { ButtonLink } from "@/ui/button";
import { CopyButton } from "@/ui/copy-button";
import { Lane } from "@/ui/lane";
import { PageHead } from "@/ui/page-head";
import { Panel } from "@/ui/panel";
import { Alert, Empty, Failed, Loading } from "@/ui/states";
import { StatusBadge } from "@/ui/status-badge";
import { Acts } from "./acts";
import { BookingMap } from "./booking-map";
import styles from "./booking-view.module.css";
import { Facts } from "./facts";
import { Itinerary } from "./itinerary";
import { Timeline } from "./timeline";

const words = texts.booking;

export function BookingView() {
  const given = (useSearchParams().get("ref") ?? "").toUpperCase();
  if (!limits.bookingRef.test(given)) return <NoSuchBooking reference={given} />;
  // Another booking begins anew: no open dialog stays from the one before.
  return <Known key={given} reference={given} />;
}

function Known({ reference }: { reference: string }) {
  const asked = useQuery({ ...bookingQuery(reference), staleTime: 5000 });
  useEffect(() => {
    document.title = `${reference} · ${texts.product}`;
  }, [reference]);
  if (asked.data) return <Shown booking={asked.data} />;
  if (isNotFound(asked.error)) return <NoSuchBooking reference={reference} />;
  return (
    <>
      <PageHead title={<span className={styles.ref}>{reference}</span>} lead={"\u00a0"} />
      {asked.isError ? <Failed error={asked.error} retry={() => void asked.refetch()} /> : <Loading lines={10} />}
    </>
  );
}

function Shown({ booking }: { booking: Booking }) {
  const history = useQuery({ ...historyQuery(booking.ref_id), staleTime: 5000 });
  const mayAct = useMay("agent");
  const { ref_id: ref } = booking;
  return (
    <>
      <PageHead
        title={
          <span className={styles.title}>
            <span className={styles.ref}>{ref}</span>
            <StatusBadge status={booking.status} />
          </span>
        }
        lead={<Lane from={booking.origin} to={booking.destination} cities />}
        actions={<CopyButton text={ref} label={words.copyRef} />}
      />
      <div className={styles.alerts}>{booking.misrouted && <Alert kind="warn">{words.misrouted}</Alert>}</div>
      <div className={styles.grid}>
        <div className={styles.column}>
          <Panel title={words.map}>
            <BookingMap booking={booking} />
          </Panel>
          <Panel title={words.itinerary} flush>
            <Itinerary booking={booking} />
          </Panel>
          <Panel title={words.facts}>
            <Facts booking={booking} />
          </Panel>
        </div>
        <div className={styles.column}>
          {mayAct && <Acts booking={booking} />}
          <Panel title={words.timeline}>
            {history.data ? (
              <Timeline history={history.data} booking={booking} />
            ) : history.isError ? (
              <Failed error={history.error} retry={() => void history.refetch()} />
            ) : (
              <Loading lines={6} />
            )}
          </Panel>
        </div>
      </div>
    </>
  );
}

function NoSuchBooking({ reference }: { reference: string }) {
  return (
    <>
      <PageHead title={words.noneTitle} />
      <Empty icon={PackageX} title={reference ? words.none(reference) : words.noRef}>
        <p>{words.noneLead}</p>
        <ButtonLink href="/bookings/">{words.toBookings}</ButtonLink>
      </Empty>
    </>
  );
}
