import type { Act, BookingStatus, Role } from "../api";
import { limits } from "../limits";
import { count, counted } from "../numbers";

/** All words of the page, by where they stand. A translation is another file of this shape. */
const booking = { one: "booking", other: "bookings" };

export const texts = {
  product: "aircargo",
  description: "Book air cargo, find its way, and track it until delivery.",
  needsScript: "This page needs JavaScript. The server's API does not: see /docs.",

  frame: {
    skip: "Skip to content",
    navigation: "Main",
    pages: {
      dashboard: "Dashboard",
      bookings: "Bookings",
      newBooking: "New booking",
      routes: "Routes",
      analytics: "Analytics",
      settings: "Settings",
    },
    pagesShort: { newBooking: "Book" } as Record<string, string>,
    jump: "Jump to…",
    jumpHint: "Ctrl K",
    signOut: "Sign out",
    openServer: "Open server, no sign-in",
    signedInAs: (name: string) => `Signed in as ${name}`,
    api: "API",
    localTime: "Local",
    utc: "UTC",
    theme: { name: "Colours", system: "As the system", light: "Light", dark: "Dark" },
  },

  roles: { viewer: "Viewer", agent: "Agent", admin: "Administrator" } satisfies Record<Role, string>,

  connection: {
    live: "Live",
    connecting: "Connecting",
    lost: "Reconnecting",
    resting: "Paused",
    offline: "Offline",
    liveHint: "Changes show here as they happen.",
    lostBanner: "The server does not answer. What you see may be out of date.",
    offlineBanner: "You are offline. What you see may be out of date.",
    asOf: (time: string) => `As of ${time}.`,
    goesOn: "It goes on by itself when the line is back.",
    paused: (seconds: number) => `The server asks to wait: going on in ${counted(seconds, { one: "second", other: "seconds" })}.`,
  },

  palette: {
    title: "Jump to a booking or page",
    placeholder: "Reference, such as ACB12345, or a page",
    results: "Results",
    open: (ref: string) => `Open ${ref}`,
    none: "Nothing by that name",
    hint: "Up and down to choose, Enter to open, Esc to close",
  },

  account: {
    signIn: "Sign in",
    signingIn: "Signing in",
    signInLead: "Bookings, routes and every event, as they happen.",
    register: "Create account",
    registering: "Creating the account",
    registerLead: "An account of this server. You can book at once, unless its administrator says otherwise.",
    name: "Name",
    nameHint: "Letters, digits and . _ @ + -, at most 64",
    password: "Password",
    passwordHint: "8 to 256 characters; a sentence is a good one",
    noAccount: "No account yet?",
    haveAccount: "Already have an account?",
    over: "Your session is over",
    overLead: "Sign in to go on. Nothing on this page was lost.",
    otherAccount: "Use another account",
    unreachable: "The server does not answer",
    unreachableLead: "As soon as it does, the page goes on.",
    registered: (name: string) => `The account ${name} was created, but signing in did not work. Try it here.`,
  },

  status: {
    BOOKED: "Booked",
    DEPARTED: "Departed",
    ARRIVED: "Arrived",
    DELIVERED: "Delivered",
    CANCELLED: "Cancelled",
  } satisfies Record<BookingStatus, string>,

  acts: {
    depart: "Depart",
    arrive: "Arrive",
    deliver: "Deliver",
    cancel: "Cancel",
  } satisfies Record<Act, string>,

  common: {
    from: "From",
    to: "To",
    loading: "Loading",
    tryAgain: "Try again",
    close: "Close",
    back: "Back",
    cancel: "Never mind",
    save: "Save",
    clear: "Clear",
    copy: "Copy",
    copied: "Copied",
    optional: "optional",
    more: "Show more",
    none: "none",
    all: "All",
    utc: "UTC",
    local: "local",
    pieces: (n: number) => counted(n, { one: "piece", other: "pieces" }),
    bookings: (n: number) => counted(n, booking),
    days: (n: number) => counted(n, { one: "day", other: "days" }),
    lane: (from: string, to: string) => `${from} to ${to}`,
    requestId: (id: string) => `Request ${id}`,
  },

  failures: {
    noAnswer: "The server does not answer. Nothing was lost; try again.",
    unknown: "Something went wrong on this page.",
    server: "Something went wrong at the server.",
    forbidden: "Your account may not do this.",
    loading: "This could not be loaded",
    page: "This page stumbled",
    pageLead: "What you typed is kept. Try again, or load the page anew.",
    reload: "Load anew",
    notFound: "There is nothing here",
    notFoundLead: "The address leads nowhere. It may be mistyped, or the page has moved.",
    toDashboard: "To the dashboard",
    mapMissing: "The map could not be loaded.",
  },

  checks: {
    required: "Please fill this in",
    accountName: "Letters, digits and . _ @ + - only, at most 64, beginning with a letter or digit",
    password: `${limits.password.min} to ${limits.password.max} characters`,
    airport: "Choose an airport, or type its three letters",
    sameAirport: "From and to are the same airport",
    whole: "A whole number, please",
    between: (min: number, max: number) => `Between ${count(min)} and ${count(max)}`,
    notes: `At most ${count(limits.notesBytes)} bytes`,
    date: "A date, please",
    ref: "A reference looks like ACB12345",
    refPrefix: "A reference begins like ACB1",
    airportList: `Up to ${limits.searchedAirports} codes of three letters, such as BOM, HYD`,
    airlineList: `Up to ${limits.searchedAirlines} airlines of two characters, such as AI, LH`,
    url: "An address that begins with https:// or http://",
    webhookAirports: `Up to ${limits.webhookAirports} codes of three letters`,
    atMost: (n: number) => `At most ${count(n)} characters`,
  },

  airports: {
    hint: "Code, city or name",
    unknown: "Choose an airport from the list, or type its three letters",
    results: (n: number) => (n === 0 ? "No airport found" : `${counted(n, { one: "airport", other: "airports" })} found`),
    none: "No airport found",
  },

  when: {
    yours: "your time",
    localAt: (code: string) => `local time at ${code}`,
  },
};

export type Texts = typeof texts;
