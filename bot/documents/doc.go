// Package documents writes what is handed out as a file: calendar entries of a
// class ([Calendar]) and tables of results ([Table]) as a workbook for people
// and as CSV or JSON for programs. The console, the commands export and report
// and the reminders call it with values they have already decided on; nothing
// here knows a rule of the programme or a store.
//
// Documents are for Vietnamese offices: the header, the date line, the paper
// and the type follow decree 30/2020/NĐ-CP on clerical work, and the words that
// the package adds itself are Vietnamese.
//
// All functions are pure but for the writer they are given, keep nothing, and
// are safe for concurrent use as long as nobody changes their arguments. A
// table is checked whole before its first byte is written, so that an error
// over a value leaves the writer untouched; only a writer that fails can leave
// half a file. Large workbooks go through temporary files, which are removed
// at the end and are readable by the program's own user alone.
package documents
