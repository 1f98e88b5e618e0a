import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import * as api from "../../api";
import controls from "../../parts/controls.module.css";
import { Notice } from "../../parts/Notice";
import styles from "./states.module.css";

/** The server requires a key. */
export function KeyForm() {
  const client = useQueryClient();
  const [key, setKey] = useState("");
  const session = useMutation({
    mutationFn: api.openSession,
    onSuccess: () => client.resetQueries(),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (key) session.mutate(key);
  };
  return (
    <Notice icon="keys" title="Enter the access key">
      <p>It is the value of MAGPIE_API_KEY that the server was started with.</p>
      <form className={styles.form} onSubmit={submit}>
        <input
          className={controls.field}
          type="password"
          autoComplete="current-password"
          aria-label="Access key"
          aria-invalid={session.isError}
          aria-describedby={session.isError ? "key-error" : undefined}
          value={key}
          onChange={(event) => setKey(event.target.value)}
        />
        <button type="submit" className={controls.primary} disabled={session.isPending}>
          Continue
        </button>
      </form>
      {session.isError && (
        <p id="key-error" role="alert" className={styles.error}>
          {session.error instanceof api.ApiError && session.error.status === 401
            ? "Wrong key."
            : session.error.message}
        </p>
      )}
    </Notice>
  );
}
