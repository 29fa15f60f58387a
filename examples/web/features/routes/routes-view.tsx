"use client";

import { Route } from "lucide-react";
import { useRouter, useSearchParams } from "next/navigation";
import { useMemo, useState } from "react";
import { texts } from "@/lib/texts";
import { isoDay } from "@/lib/time";
import { PageHead } from "@/ui/page-head";
import { Empty } from "@/ui/states";
import { Results } from "./results";
import { fromParams, toBody, toParams } from "./search";
import { SearchForm } from "./search-form";

const words = texts.routes;

/** The search stands in the address, so that it can be sent to somebody and found again. */
export function RoutesView() {
  const params = useSearchParams();
  const router = useRouter();
  const search = useMemo(() => fromParams(new URLSearchParams(params)), [params]);
  const [today] = useState(() => isoDay(Date.now()));
  const body = useMemo(() => toBody(search), [search]);
  return (
    <>
      <PageHead title={words.title} lead={words.lead} />
      <SearchForm
        key={params.toString()}
        search={search.date ? search : { ...search, date: today }}
        onSearch={(next) => router.push(`?${toParams(next)}`, { scroll: false })}
      />
      {body ? (
        <Results search={body} />
      ) : (
        <Empty icon={Route} title={words.start}>
          {words.startLead}
        </Empty>
      )}
    </>
  );
}
