"""Which histories of a booking are legal."""

LEGAL = {
    None: {"BOOKED"},
    "BOOKED": {"DEPARTED", "CANCELLED"},
    "DEPARTED": {"ARRIVED", "CANCELLED"},
    "ARRIVED": {"DELIVERED"},
    "DELIVERED": set(),
    "CANCELLED": set(),
}


def check_history(case, client, path, acknowledged):
    """That its events are a legal path, that they are what was acknowledged, as pairs of revision and status,
    and that the booking stands where they end."""
    events = client.get(f"{path}/history").json["events"]
    before = None
    for seq, event in enumerate(events, start=1):
        case.assertEqual(event["seq"], seq)
        case.assertIn(event["status"], LEGAL[before])
        before = event["status"]
    case.assertEqual([(e["seq"], e["status"]) for e in events], sorted(acknowledged))
    booking = client.get(path).json
    case.assertEqual((booking["revision"], booking["status"]), (events[-1]["seq"], events[-1]["status"]))
