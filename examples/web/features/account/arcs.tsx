import styles from "./account.module.css";

/** Great circles in the distance; for the eye alone. */
export function Arcs() {
  return (
    <svg className={styles.arcs} viewBox="0 0 600 800" preserveAspectRatio="xMidYMid slice" aria-hidden fill="none">
      <g stroke="#1c4a47">
        {[120, 200, 280, 360, 440, 520].map((r) => (
          <ellipse key={r} cx="420" cy="430" rx={r} ry="520" />
        ))}
        {[-260, -130, 0, 130, 260].map((y) => (
          <path key={y} d={`M-100 ${430 + y}Q420 ${430 + y * 1.35} 940 ${430 + y}`} />
        ))}
      </g>
      <g strokeWidth="2" strokeLinecap="round">
        <path d="M70 560C170 330 380 250 560 300" stroke="#62c7ba" />
        <path d="M70 560C230 470 330 470 450 545" stroke="#62c7ba" strokeOpacity="0.55" strokeDasharray="2 7" />
        <path d="M450 545C480 450 520 370 560 300" stroke="#62c7ba" strokeOpacity="0.55" strokeDasharray="2 7" />
      </g>
      <g fill="#eaf4f2">
        <circle cx="70" cy="560" r="5" />
        <circle cx="450" cy="545" r="4" />
        <circle cx="560" cy="300" r="5" />
      </g>
      <path d="M300 292l26-1-17 16-3-9z" fill="#f0a04b" />
    </svg>
  );
}
