import { expect, it } from "vitest";
import { around, asWords, inFolderOf, NOTHING, photoAddress, searchAddress, searchAt, UNDATED } from "./address";

it.each([
  ["dog", "dog"],
  ["summer", "summer"],
  ["last unicorn", '"last unicorn"'],
  ["blade runner 2049", '"blade runner 2049"'],
  ["summer 2019", '"summer 2019"'],
  ["yesterday", '"yesterday"'],
])("%s is searched as %s", (word, words) => expect(asWords(word)).toBe(words));

it.each(["/", "/?q=dog", "/?q=a&like=00ff&without=b", "/photos", "/photos?at=2019-05"])(
  "%s holds its state",
  (address) => {
    const { pathname, search } = new URL(address, "http://localhost");
    expect(searchAddress(searchAt(pathname, search))).toBe(address);
  },
);

it("a photo over all photos says which month it is in", () => {
  const all = searchAt("/photos", "");
  const photo = photoAddress("00ff", around(all, { captured: "2019-05-24T12:00:00" }));
  expect(photo).toBe("/photo/00ff?at=2019-05");
  expect(searchAt("/photo/00ff", "?at=2019-05").all).toBe("2019-05");
  expect(around(all, { captured: null }).all).toBe(UNDATED);
  expect(around(NOTHING, { captured: null })).toBe(NOTHING);
});

const LONG = "x".repeat(60);
it.each([
  ["/home/ada/My photos/a.jpg", 'folder:"/home/ada/My photos/"'],
  ["/a.jpg", 'folder:"/"'],
  [`/${LONG}/${LONG}/a.jpg`, `folder:"/${LONG}/"`],
  [`/a/${LONG}${LONG}/a.jpg`, `folder:"${`${LONG}${LONG}/`.slice(-100)}"`],
])("%s is in the folder of %s", (path, words) => expect(inFolderOf(path).words).toBe(words));
