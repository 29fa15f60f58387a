"use client";

import { useState } from "react";
import { texts } from "@/lib/texts";
import { readTheme, setTheme, themes } from "@/lib/theme";
import { Panel } from "@/ui/panel";
import styles from "./settings.module.css";

const words = texts.frame.theme;

export function ThemeChoice() {
  const [theme, setShown] = useState(readTheme);
  return (
    <Panel title={words.name}>
      <fieldset className={styles.choices}>
        <legend className="visually-hidden">{words.name}</legend>
        {themes.map((each) => (
          <label key={each}>
            <input
              type="radio"
              name="theme"
              checked={theme === each}
              onChange={() => {
                setTheme(each);
                setShown(each);
              }}
            />
            {words[each]}
          </label>
        ))}
      </fieldset>
    </Panel>
  );
}
