"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { bookings, type Act, type Booking } from "@/lib/api";
import { useIdempotencyKeys } from "@/lib/forms";
import { keys } from "@/lib/keys";
import { replaceInLists } from "@/lib/live/apply";
import { bodyOf, type ActValues } from "./act-form";

/** Records an act on a booking, only while it is at the revision that was looked at. */
export function useAct(booking: Booking, act: Act) {
  const client = useQueryClient();
  const keyOf = useIdempotencyKeys();
  const { ref_id: ref } = booking;
  return useMutation({
    mutationFn: ({ values, revision }: { values: ActValues; revision: number }) => {
      const body = bodyOf(booking, act, values);
      return bookings.act(ref, act, body, revision, keyOf({ body, revision }));
    },
    onSuccess: async (now) => {
      client.setQueryData(keys.booking(ref), now);
      replaceInLists(client, new Map([[ref, now]]));
      await client.invalidateQueries({ queryKey: keys.history(ref) });
    },
    onError: () => client.invalidateQueries({ queryKey: keys.booking(ref) }),
  });
}
