/** The sign of the product: a great circle, and what flies along it. */
export function Mark() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden>
      <rect width="32" height="32" rx="7" fill="#0a5c57" />
      <path d="M5 23C9.5 11 19 6.5 27 8.5" fill="none" stroke="#fff" strokeWidth="2.6" strokeLinecap="round" />
      <circle cx="5.8" cy="23" r="2.6" fill="#fff" />
      <path d="M15 14.5 27 8.5l-6 12-1.5-4.5z" fill="#f0a04b" />
    </svg>
  );
}
