import { expect, test } from "vitest";
import { aBooking } from "@/lib/test-data";
import { lateAmong } from "./late";

const due = (ref_id: string, scheduled_at: string) =>
  aBooking({ ref_id, next_activity: { act: "depart", location: "DEL", scheduled_at } });

test("what was due a while ago is late, the longest first", () => {
  const now = Date.parse("2026-12-01T12:00:00Z");
  const late = lateAmong(
    [
      due("ACB10001", "2026-12-01T11:00:00Z"),
      due("ACB10002", "2026-12-01T11:50:00Z"),
      due("ACB10003", "2026-12-01T09:00:00Z"),
      due("ACB10004", "2026-12-01T13:00:00Z"),
      aBooking(),
    ],
    now,
  );
  expect(late.map(({ booking, minutes }) => [booking.ref_id, minutes])).toEqual([
    ["ACB10003", 180],
    ["ACB10001", 60],
  ]);
});
