// Package content holds the words: flows, commands, wordings, pushed messages,
// places and transcripts as YAML and text files, tips, leaflets and answers as
// Markdown, embedded into the program and replaceable by a folder of the same
// layout.
//
// [Load] reads such a folder into a [Set] whose Library the engine of package
// dialogs plays; it reports what makes talking impossible. [Check] reports
// everything else too that the centre's staff would want to mend before people
// meet it: ways to nowhere, missing translations, texts too long for a phone,
// questions for personal data before a consent. Every [Problem] names file,
// line and column, what is the matter and what to do.
//
// The layout of a folder:
//
//	flows/*.yaml         one conversation a file
//	texts/*.yaml         wordings of the engine and of the programme, by key
//	commands.yaml        what can be said at any time, and the deep links
//	pushes.yaml          messages the bot sends by itself
//	campaigns.yaml       what is sent by plan: after an event, weekly, once a year
//	holidays.yaml        days off, and so days without promotion
//	places/*.yaml        lists that people search
//	questionnaires/*.yaml  the questions of the self-check, each with its advice
//	glossary.yaml        one term for one thing
//	subjects.yaml        sectors, topics and the like that articles are sorted by
//	tips/*.md            saving tips, each one message
//	leaflets/*.md        leaflets, each two to four messages and a printed sheet
//	answers/*.md         answers to common questions
//	transcripts/*.txt    conversations as they must go
//
// Called by bot at start and when the content is published, and by the
// commands check, test and content of the program. Articles (tips, leaflets,
// answers) are read when they are first asked for, from the bytes the Set was
// loaded from; one that cannot be read is left out, and Check tells why. A Set is immutable and safe
// for concurrent use. Nothing here is written but by [Export].
package content
