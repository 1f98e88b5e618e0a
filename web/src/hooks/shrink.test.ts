import { expect, test } from "vitest";
import { sizeToSend } from "./shrink";

test.each([
  [[6000, 4000], [1280, 853]],
  [[3000, 9000], [427, 1280]],
  [[640, 480], [640, 480]],
  [[50_000, 10], [1280, 1]],
])("a picture of %j is sent as %j", ([width, height], sent) => {
  expect(sizeToSend(width!, height!)).toEqual(sent);
});
