"""Makes airports.csv from the airportsdata package.

    pip download --no-deps airportsdata && unzip -d unpacked airportsdata-*.whl
    python3 update_airports.py unpacked/airportsdata/airports.csv

Keeps every airport that has an IATA code, applies the corrections below, and writes
airports.csv beside this script. Notes go to stderr: read them after a new version, for a
correction that has become needless should leave this file.
"""

import csv
import re
import sys
import zoneinfo
from pathlib import Path

FIELDS = ["iata", "name", "city", "country", "latitude", "longitude", "zone"]

# Codes that are retired but still occur in older schedules; from public knowledge.
SUPPLEMENTS = [
    # Panama City, Florida, until ECP replaced it in May 2010.
    ["PFN", "Panama City-Bay County International Airport", "Panama City", "US", "30.2122", "-85.6828", "America/Chicago"],
]

# Former names of zones. They still resolve in a full time zone database, but several systems
# ship the former names in a package of their own that is often not installed.
RENAMED_ZONES = {
    "America/Thunder_Bay": "America/Toronto",
    "America/Yellowknife": "America/Edmonton",
    "Asia/Choibalsan": "Asia/Ulaanbaatar",
    "Europe/Uzhgorod": "Europe/Kyiv",
    "Europe/Zaporozhye": "Europe/Kyiv",
    "Pacific/Enderbury": "Pacific/Kanton",
}

# Airports whose source zone shows another clock than the one on their wall.
ZONES = {
    "America/Anchorage": "SNP",                  # the Pribilofs keep Alaska time; Adak time is for the western Aleutians
    "America/Chicago": "PAM",                    # the western end of Florida
    "America/Chihuahua": "CUU",                  # the state left Mountain time in October 2022 ...
    "America/Ciudad_Juarez": "CJS",              # ... and its border city went back to it
    "America/Coyhaique": "BBA CCH GXQ LGR WPA",  # Aysen stays at UTC-3 since March 2025
    "America/Cuiaba": "AIR STZ",                 # Mato Grosso
    "America/Eirunepe": "ERN TBT",               # the west of Amazonas
    "America/Halifax": "YGR",                    # the Magdalen Islands
    "America/Matamoros": "ACN MAM NLD PDS REX",  # towns on the border follow the summer time of the USA
    "America/Punta_Arenas": "PNT WPR WPU",       # Magallanes stays at UTC-3 since 2016
    "America/Whitehorse": "YDA YDB YMA YOC YQH YZW ZFA",  # the Yukon stays at UTC-7 since November 2020
    "Africa/Kinshasa": "LIQ",                    # Mongala keeps the time of the west of the country
    "Asia/Khandyga": "KDY",                      # its part of Sakha is at UTC+9 since 2011
    "Asia/Pontianak": "GXM",                     # Central Kalimantan
    "Asia/Sakhalin": "BVV DEE EKS OHH UUS ZZO",  # UTC+11 since March 2016
    "Pacific/Bougainville": "BUA",               # UTC+11 since December 2014
}

# Positions that are more than 100 km off in the source.
POSITIONS = {
    "DTD": ("0.8106", "114.5306"),  # Datah Dawai
    "TLI": ("1.1234", "120.7937"),  # Toli-Toli
}


def note(text):
    print(text, file=sys.stderr)


def tidy(text):
    return " ".join(text.split())


def degrees(text, limit):
    value = float(text)
    if not -limit <= value <= limit:
        raise SystemExit(f"{text} is not within {limit} degrees")
    return f"{value:.6f}".rstrip("0").rstrip(".")


def read(path):
    """One row for each IATA code. Where two airports claim a code, the first by ICAO code keeps it."""
    airports = {}
    with open(path, encoding="utf-8", newline="") as file:
        for row in sorted(csv.DictReader(file), key=lambda row: row["icao"]):
            code = row["iata"]
            if not code:
                continue
            if not re.fullmatch("[A-Z]{3}", code):
                note(f"left out {row['icao']}: {code!r} is no IATA code")
            elif code in airports:
                note(f"left out {row['icao']}: {code} is already {airports[code]['name']}")
            else:
                airports[code] = {
                    "iata": code,
                    "name": tidy(row["name"]),
                    "city": tidy(row["city"]),
                    "country": row["country"],
                    "latitude": row["lat"],
                    "longitude": row["lon"],
                    "zone": row["tz"],
                }
    return airports


def change(airports, code, **values):
    airport = airports.get(code)
    if airport is None:
        note(f"correction of {code}: no such airport")
    elif all(airport[field] == value for field, value in values.items()):
        note(f"correction of {code}: the source agrees by now")
    else:
        airport.update(values)


def correct(airports):
    for row in SUPPLEMENTS:
        if row[0] in airports:
            note(f"supplement {row[0]}: the source has it by now")
        airports.setdefault(row[0], dict(zip(FIELDS, row)))
    for airport in airports.values():
        airport["zone"] = RENAMED_ZONES.get(airport["zone"], airport["zone"])
    for zone, codes in ZONES.items():
        for code in codes.split():
            change(airports, code, zone=zone)
    for code, (latitude, longitude) in POSITIONS.items():
        change(airports, code, latitude=latitude, longitude=longitude)


def check(airports):
    known = zoneinfo.available_timezones()
    for airport in airports.values():
        if airport["zone"] not in known:
            raise SystemExit(f"{airport['iata']}: unknown zone {airport['zone']}")
        airport["latitude"] = degrees(airport["latitude"], 90)
        airport["longitude"] = degrees(airport["longitude"], 180)


def main():
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    airports = read(sys.argv[1])
    correct(airports)
    check(airports)
    target = Path(__file__).with_name("airports.csv")
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, FIELDS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(airports[code] for code in sorted(airports))
    note(f"{target.name}: {len(airports)} airports")


if __name__ == "__main__":
    main()
