// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { NoAnswer, Refusal } from "@/lib/api";
import { CredentialsForm } from "./credentials-form";

afterEach(cleanup);

function type(label: string, value: string) {
  fireEvent.change(screen.getByLabelText(label), { target: { value } });
}

function shown(onSend: (who: object) => Promise<void>) {
  render(<CredentialsForm kind="register" submit="Create account" onSend={onSend} />);
}

const send = () => fireEvent.click(screen.getByRole("button", { name: "Create account" }));

test("nothing is sent while a field is wrong, and the field says why", async () => {
  const onSend = vi.fn(() => Promise.resolve());
  shown(onSend);
  type("Name", "ada");
  type("Password", "short");
  send();
  await waitFor(() => expect(screen.getByLabelText("Password").getAttribute("aria-invalid")).toBe("true"));
  expect(onSend).not.toHaveBeenCalled();
});

test("what the server says of a field stands beside it", async () => {
  const errors = [{ field: "name", code: "invalid_request" as const, detail: "is taken" }];
  shown(() => Promise.reject(new Refusal(409, { detail: "no", code: "already_exists", errors })));
  type("Name", "ada");
  type("Password", "a good long one");
  send();
  expect(await screen.findByText("Is taken")).toBeTruthy();
  expect(screen.getByLabelText("Name").getAttribute("aria-invalid")).toBe("true");
});

test("what was typed stays when the server is away", async () => {
  shown(() => Promise.reject(new NoAnswer("away")));
  type("Name", "ada");
  type("Password", "a good long one");
  send();
  expect((await screen.findByRole("alert")).textContent).toContain("Nothing was lost");
  expect(screen.getByLabelText<HTMLInputElement>("Name").value).toBe("ada");
});
