import { expect, test, vi } from "vitest";
import { bookings } from "@/lib/api";
import { aBooking } from "@/lib/test-data";
import { actOnMany, split } from "./bulk";

test("parts what can from what can not", () => {
  const booked = aBooking();
  const delivered = aBooking({ ref_id: "ACB99999", status: "DELIVERED" });
  expect(split([booked, delivered], "depart")).toEqual({ able: [booked], unable: [delivered] });
});

const problem = {
  type: "about:blank",
  title: "Precondition Failed",
  status: 412,
  detail: "it has changed",
  code: "precondition_failed",
  request_id: "1",
} as const;

test("arrivals at a transfer are sent as such, also where a row does not tell what comes next", async () => {
  const next_activity = { act: "arrive", location: "BOM" } as const;
  const told = aBooking({ status: "DEPARTED", flight_ids: [1, 2], next_activity });
  const untold = aBooking({ ref_id: "ACB99999", status: "DEPARTED", flight_ids: [1, 2], revision: 2 });
  vi.spyOn(bookings, "find").mockResolvedValue({ ...untold, next_activity, revision: 3 });
  const sent = vi.spyOn(bookings, "actOnMany").mockResolvedValue({ results: [] });
  await actOnMany([told, untold], "arrive", "", () => "key");
  const arrival = { act: "arrive", location: "BOM", notes: undefined };
  expect(sent.mock.calls[0]?.[0]).toEqual([
    { ref_id: "ACB12345", if_revision: 1, ...arrival },
    { ref_id: "ACB99999", if_revision: 2, ...arrival },
  ]);
  sent.mockRestore();
});

test("sends as many requests as it takes, and tells the refused with their reasons", async () => {
  const many = Array.from({ length: 1001 }, (_, at) => aBooking({ ref_id: `ACB${10_000 + at}`, revision: at + 1 }));
  const sent = vi.spyOn(bookings, "actOnMany").mockImplementation((entries) =>
    Promise.resolve({
      results: entries.map(({ ref_id }) =>
        ref_id === "ACB10003"
          ? { status: 412, problem }
          : { status: 200, booking: aBooking({ ref_id, status: "DEPARTED" }) },
      ),
    }),
  );
  const outcome = await actOnMany(many, "depart", "", () => "key");
  expect(sent.mock.calls.map(([entries]) => entries.length)).toEqual([1000, 1]);
  expect(sent.mock.calls[0]?.[0][7]).toEqual({ ref_id: "ACB10007", act: "depart", if_revision: 8, notes: undefined });
  expect(outcome.done).toHaveLength(1000);
  expect(outcome.refused).toEqual([{ ref: "ACB10003", why: "it has changed" }]);
});
