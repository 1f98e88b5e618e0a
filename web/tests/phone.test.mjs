import { connect } from "./browser.mjs";
import { testScreens } from "./looks.mjs";

testScreens(await connect(), "phone-dark", "phone", "tablet", "tablet-dark");
