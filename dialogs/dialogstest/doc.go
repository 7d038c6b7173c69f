// Package dialogstest plays written conversations, transcripts, and says where
// they went otherwise than written. A transcript is a text file that anybody
// can read and write:
//
//	# A class by its link.
//	now: 2026-11-24T09:00
//	class: id=7f3k title="Sản xuất sạch hơn" starts=2026-12-10T08:00 ends=2026-12-10T16:30 venue="Hội trường B" seats=12
//	outcome: class.find = one class=7f3k
//
//	> /start class_7f3k
//	< Lớp **Sản xuất sạch hơn**
//	  📅 thứ Năm, 10/12/2026, 8:00–16:30
//	  …
//	  [Đăng ký] [Lớp khác]
//	> [Đăng ký]
//
// A line that starts with “>” is what the person does: words typed, a button
// pressed in square brackets, or their own number shared after ☎. A line that
// starts with “<” and the lines below it, two spaces in, are one message of
// the bot. In it “…” at the end of a line matches the rest of the line, alone
// on a line any number of lines, and as the last thing of a message its files
// and buttons too; {code} matches one word; “📎 name” is a file that comes with
// it; the last lines may be its buttons, in order. The buttons that only lead
// back (Quay lại, Thôi) may be left out, others may not. Every message must be
// written, and nothing else may come.
//
// Other lines set the scene, before or between: “lang: en” for newcomers,
// “as: web:binh” for somebody else speaking from here on, “later: 3d” for time
// to pass, “class:” for a class that is open. “outcome:” and “pushed:” say what
// an action came to and what was sent unasked; they count only for a driver
// that plays the bare engine (see [Scripted]), for the whole bot knows itself.
//
// Called by tests of content and of the bot, and by the command test. A Script
// is immutable; a driver is used by one goroutine.
package dialogstest
