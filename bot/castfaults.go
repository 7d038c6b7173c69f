package bot

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"sachhon/bot/console"
	"sachhon/dialogs"
	"sachhon/scheduler"
)

// castFault is one thing that is wrong with a broadcast as somebody asks for it.
type castFault struct {
	field string // as JSON names it, "media.bytes"; empty: all of it
	words dialogs.Text
}

// castFaults are all that is wrong with it, told in one sentence.
type castFaults []castFault

// Error says it in English.
func (f castFaults) Error() string {
	all := make([]string, len(f))
	for i := range f {
		all[i] = f[i].words.EN
	}
	return "read broadcast: " + strings.Join(all, "; ")
}

// add notes a fault if there is one.
func (f *castFaults) add(is bool, field, vi, en string) {
	if is {
		*f = append(*f, castFault{field, dialogs.Text{VI: vi, EN: en}})
	}
}

// refusal is nil when nothing is wrong, else a fault of the caller.
func (f castFaults) refusal() error {
	if len(f) == 0 {
		return nil
	}
	return badRequest{f}
}

// wrong says where in the body of a request each fault is.
func (f castFaults) wrong() (out console.Wrong) {
	for _, one := range f {
		at := "body"
		if one.field != "" {
			at += "." + one.field
		}
		out = append(out, console.Fault{Location: at, Words: one.words})
	}
	return out
}

// castFields are what a broadcast's JSON has.
const castFields = "title, kind, text, segment, send_at, expires_at, purpose, topic, answers, media and draft"

// unreadable says what is wrong with JSON that does not fit a broadcast.
func unreadable(err error) error {
	var out castFaults
	if wrong, ok := errors.AsType[*time.ParseError](err); ok {
		out.add(true, "", fmt.Sprintf("%s không phải thời điểm; viết như 2026-12-01T08:00:00+07:00", wrong.Value),
			wrong.Value+" is no time; write it like 2026-12-01T08:00:00+07:00")
		return out.refusal()
	}
	if _, ok := errors.AsType[base64.CorruptInputError](err); ok {
		out.add(true, "media.bytes", "tệp phải gửi dưới dạng base64", `"media" needs its "bytes" in base64`)
		return out.refusal()
	}
	if _, ok := errors.AsType[*wordsError](err); ok {
		out.add(true, "", `lời phải là chuỗi chữ, hoặc {"vi":"…","en":"…"}`, err.Error())
		return out.refusal()
	}
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		field := wrong.Field[strings.LastIndex(wrong.Field, ".")+1:]
		if field == "" {
			out.add(true, "", "đợt gửi phải là đối tượng JSON", "it must be a JSON object, with "+castFields)
		} else {
			out.add(true, field, "không nhận "+wrong.Value+" ở đây", fmt.Sprintf("%q cannot be a JSON %s", field, wrong.Value))
		}
		return out.refusal()
	}
	said := strings.TrimPrefix(err.Error(), "json: ")
	out.add(true, "", "không đọc được ("+said+"); các trường là "+castFields, said+"; its fields are "+castFields)
	return out.refusal()
}

// wrongSegment says what is wrong with whom a broadcast is meant for.
func wrongSegment(err error) error {
	if none, ok := errors.AsType[noSegment](err); ok {
		return badRequest{castFaults{{"segment", dialogs.Text{
			VI: fmt.Sprintf("không có nhóm nào được lưu với tên “%s”; lệnh sachhon segment list liệt kê các nhóm", none.name), EN: none.Error()}}}}
	}
	wrong, ok := errors.AsType[*scheduler.SegmentError](err)
	if !ok {
		return err
	}
	field := "segment"
	if wrong.Field != "" {
		field += "." + wrong.Field
	}
	return badRequest{castFaults{{field, wrong.Words}}}
}
