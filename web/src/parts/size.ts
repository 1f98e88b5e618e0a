import { decimal, number } from "../texts/locale";

/** How large a file is: "340 kB", "2.3 MB". */
export function fileSize(bytes: number): string {
  return bytes < 1e6 ? `${number(Math.ceil(bytes / 1e3))} kB` : `${decimal(bytes / 1e6, 1)} MB`;
}
