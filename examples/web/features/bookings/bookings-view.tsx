"use client";

import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { PackageOpen, SearchX } from "lucide-react";
import { useRouter, useSearchParams } from "next/navigation";
import { useCallback, useDeferredValue, useMemo } from "react";
import { useFeed } from "@/lib/live/live";
import { bookingsQuery } from "@/lib/queries";
import { useMay } from "@/lib/session";
import { texts } from "@/lib/texts";
import { useNow } from "@/lib/use-now";
import { Button, ButtonLink } from "@/ui/button";
import { PageHead } from "@/ui/page-head";
import { Empty, Failed, Loading, Refused } from "@/ui/states";
import { BookingsTable } from "./bookings-table";
import styles from "./bookings-view.module.css";
import { BulkBar } from "./bulk-bar";
import { ExportButton } from "./export-button";
import { FilterBar } from "./filter-bar";
import { fromParams, isFiltered, isNewFor, noFilters, toParams, toQuery, type Filters } from "./filters";
import { useSelection } from "./use-selection";

const words = texts.bookings;

export function BookingsView() {
  const [filters, setFilters] = useFilters();
  return (
    <>
      <Head filters={filters} />
      <FilterBar filters={filters} onChange={setFilters} />
      {/* Another choice is another table, from its top. */}
      <List key={toParams(filters).toString()} filters={filters} onFilter={setFilters} />
    </>
  );
}

function Head({ filters }: { filters: Filters }) {
  const { data, isError } = useInfiniteQuery(bookingsQuery(toQuery(filters)));
  const first = data?.pages[0];
  const lead = first ? words.found(first.total, first.total_exact) : isError ? null : texts.common.loading;
  return (
    <PageHead
      title={words.title}
      lead={lead ?? "\u00a0"}
      actions={<ExportButton filters={filters} disabled={!first || first.items.length === 0} />}
    />
  );
}

type ListProps = { filters: Filters; onFilter: (change: Partial<Filters>) => void };

function List({ filters, onFilter }: ListProps) {
  const query = bookingsQuery(toQuery(filters));
  const list = useInfiniteQuery(query);
  const { fetchNextPage, hasNextPage, isFetching, isFetchNextPageError } = list;
  const bookings = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  const selection = useSelection();
  const mayAct = useMay("agent");
  const now = useNow() ?? 0;
  const first = list.data?.pages[0];
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetching && !isFetchNextPageError) void fetchNextPage();
  }, [hasNextPage, isFetching, isFetchNextPageError, fetchNextPage]);
  const ticked = useDeferredValue(selection.refs); // the boxes are drawn first: there may be a hundred thousand
  const selected = useMemo(() => bookings.filter((b) => ticked.has(b.ref_id)), [bookings, ticked]);

  return (
    <>
      <div className={styles.panel}>
        <NewOnes filters={filters} since={list.dataUpdatedAt} />
        {list.isPending && (
          <div className={styles.loading}>
            <Loading lines={12} />
          </div>
        )}
        {list.isError && bookings.length === 0 && <Failed error={list.error} retry={() => void list.refetch()} />}
        {list.isSuccess && bookings.length === 0 && (
          <NoBookings filtered={isFiltered(filters)} onClear={() => onFilter(noFilters)} />
        )}
        {bookings.length > 0 && (
          <BookingsTable
            bookings={bookings}
            total={first?.total_exact ? first.total : null}
            sort={filters.ref ? "ref_id" : filters.sort}
            onSort={(sort) => onFilter({ sort })}
            selection={mayAct ? selection : null}
            now={now}
            onEnd={onEnd}
          >
            {isFetchNextPageError ? (
              <span>
                <Refused error={list.error} />
                <Button onClick={() => void fetchNextPage()}>{texts.common.tryAgain}</Button>
              </span>
            ) : (
              <span role="status">{hasNextPage ? words.loadingMore : words.end}</span>
            )}
          </BookingsTable>
        )}
      </div>
      {mayAct && <BulkBar selected={selected} onClear={() => selection.setAll([])} />}
    </>
  );
}

/** New rows do not push away what somebody reads; they wait to be asked for. */
function NewOnes({ filters, since }: { filters: Filters; since: number }) {
  const client = useQueryClient();
  const feed = useFeed();
  const count = feed.filter((event) => isNewFor(filters, event) && Date.parse(event.created_at) + 999 > since).length;
  if (count === 0 || since === 0) return null;
  const show = () => {
    window.scrollTo({ top: 0 });
    void client.resetQueries({ queryKey: bookingsQuery(toQuery(filters)).queryKey });
  };
  return (
    <div role="status" className={styles.fresh}>
      {words.newOnes(count)}
      <Button size="small" onClick={show}>
        {words.show}
      </Button>
    </div>
  );
}

function NoBookings({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  if (filtered) {
    return (
      <Empty icon={SearchX} title={words.noneFound}>
        <p>{words.noneFoundLead}</p>
        <Button onClick={onClear}>{words.clear}</Button>
      </Empty>
    );
  }
  return (
    <Empty icon={PackageOpen} title={words.noneYet}>
      <p>{words.noneYetLead}</p>
      <ButtonLink look="primary" href="/bookings/new/">
        {texts.frame.pages.newBooking}
      </ButtonLink>
    </Empty>
  );
}

/** They stand in the address, so that a view can be sent to somebody and found again. */
function useFilters(): [Filters, (change: Partial<Filters>) => void] {
  const params = useSearchParams();
  const router = useRouter();
  const filters = useMemo(() => fromParams(new URLSearchParams(params)), [params]);
  const change = (part: Partial<Filters>) => {
    const next = toParams({ ...filters, ...part }).toString();
    router.replace(next ? `?${next}` : "?", { scroll: false });
  };
  return [filters, change];
}
