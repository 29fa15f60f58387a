"use client";

import { Component, type ReactNode } from "react";

import { texts } from "@/lib/texts";
import { Button } from "./button";
import { Alert } from "./states";

type Props = { fallback: ReactNode; children: ReactNode };

/** What fails inside takes nothing else along. */
export class Boundary extends Component<Props, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    return this.state.failed ? this.props.fallback : this.props.children;
  }
}

/** Stands for a part that could not be loaded. */
export function NotLoaded() {
  return (
    <Alert kind="bad">
      <p>
        {texts.failures.part} <Button onClick={() => location.reload()}>{texts.failures.reload}</Button>
      </p>
    </Alert>
  );
}
