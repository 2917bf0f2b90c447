// Every example of the pages about explaining and measuring rules prints what the page says.

import { docExamples } from "./doc_examples.ts";

docExamples("why-did-it-not-fire.md", ["files"]);
docExamples("profile.md", ["files"]);
