import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import * as api from "../../api";
import controls from "../../parts/controls.module.css";
import { Notice } from "../../parts/Notice";
import { texts } from "../../texts";
import { explain } from "../../texts/explain";
import styles from "./states.module.css";

/** The server requires a key. */
export function KeyForm() {
  const client = useQueryClient();
  const [key, setKey] = useState("");
  const [isShown, setIsShown] = useState(false);
  const session = useMutation({
    mutationFn: api.openSession,
    onSuccess: () => client.invalidateQueries(),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (key && !session.isPending) session.mutate(key);
  };
  return (
    <Notice icon="key" title={texts.enterKey}>
      <p>{texts.keyIs}</p>
      <form className={styles.form} onSubmit={submit}>
        <input
          className={controls.field}
          type={isShown ? "text" : "password"}
          autoComplete="current-password"
          autoCapitalize="off"
          spellCheck={false}
          autoFocus
          aria-label={texts.accessKey}
          aria-invalid={session.isError}
          aria-describedby={session.isError ? "key-error" : undefined}
          value={key}
          onChange={(event) => setKey(event.target.value)}
        />
        <button
          type="button"
          className={controls.button}
          aria-pressed={isShown}
          onClick={() => setIsShown(!isShown)}
        >
          {texts.showKey}
        </button>
        <button type="submit" className={controls.primary} disabled={session.isPending}>
          {texts.continue}
        </button>
      </form>
      {session.isError && (
        <p id="key-error" role="alert" className={styles.error}>
          {api.isLocked(session.error) ? texts.wrongKey : explain(session.error)}
        </p>
      )}
    </Notice>
  );
}
