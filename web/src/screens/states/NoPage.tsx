import { Link } from "../../place";
import { useTitle } from "../../hooks/useTitle";
import controls from "../../parts/controls.module.css";
import { Notice } from "../../parts/Notice";
import { texts } from "../../texts";

/** An address that leads nowhere. */
export function NoPage() {
  useTitle(texts.noSuchPage);
  return (
    <main>
      <Notice icon="search" title={texts.noPage}>
        <p>{texts.noPageHow}</p>
        <Link className={controls.button} to="/">
          {texts.toStart}
        </Link>
      </Notice>
    </main>
  );
}
