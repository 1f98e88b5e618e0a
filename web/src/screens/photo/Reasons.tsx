import { texts } from "../../texts";
import { decimal } from "../../texts/locale";
import type { Hit, Reason } from "../../types";
import styles from "./Reasons.module.css";

const MOST = 8;
/** Less than this would show as zero. */
const LEAST = 0.0005;

function signed(score: number): string {
  const text = decimal(Math.abs(score), 3);
  return score <= -LEAST ? `− ${text}` : text;
}

/** A reason in words: the API's, but for votes, which it calls good and bad. */
function told({ kind, what }: Reason, { judged }: Hit): string {
  if (kind !== "vote" || !judged) return texts.because(what);
  return texts.votes(judged.good, judged.bad);
}

/** Why a photo was found: parts that add up to its score. */
export function Reasons({ hit }: { hit: Hit }) {
  if (!hit.reasons.length) return null;
  const seen = hit.reasons.filter(({ score }) => Math.abs(score) >= LEAST).slice(0, MOST);
  const rest = hit.reasons.filter((reason) => !seen.includes(reason));
  const restScore = rest.reduce((sum, reason) => sum + reason.score, 0);
  return (
    <section>
      <h2>{texts.why}</h2>
      <table className={styles.table}>
        <tbody>
          {seen.map((reason, n) => (
            <tr key={n}>
              <th scope="row">{told(reason, hit)}</th>
              <td>{signed(reason.score)}</td>
            </tr>
          ))}
          {Math.abs(restScore) >= LEAST && (
            <tr>
              <th scope="row">{texts.more(rest.length)}</th>
              <td>{signed(restScore)}</td>
            </tr>
          )}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{texts.score}</th>
            <td>{signed(hit.score)}</td>
          </tr>
        </tfoot>
      </table>
    </section>
  );
}
