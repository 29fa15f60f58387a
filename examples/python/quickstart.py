"""From a flight schedule to a delivered shipment, in memory: `python quickstart.py`."""

import aircargo

DAY = "2026-12-01"

with aircargo.open("memory:") as cargo:
    # Store a week of flights, and look for ways through them.
    cargo.flights.upsert(aircargo.Schedule.demo(DAY, days=7).flights())
    routes = cargo.routes.search("DEL", "BLR", DAY, limit=3)
    print(routes)

    # Book the best one and move the shipment along it.
    booking = cargo.book("DEL", "BLR", pieces=3, weight_kg=120, flights=routes[0])
    for leg in booking.legs:
        cargo.depart(booking.ref)
        cargo.arrive(booking.ref, location=leg.destination)
    cargo.deliver(booking.ref, notes="dry and whole")

    for event in cargo.track(booking.ref).history:
        print(f"{event.type:9} at {event.location}")

    # Many questions are one call, on all cores: how many ways are there?
    counts = cargo.routes.schedule().count_many(["DEL"] * 3, ["BLR", "FRA", "JFK"], DAY)
    print("itineraries to BLR, FRA and JFK:", *counts)
