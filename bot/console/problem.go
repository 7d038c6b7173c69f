package console

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"sachhon/bot/desk"
	"sachhon/bot/programme"
	"sachhon/dialogs"
)

// problemType is the content type of a problem document (RFC 9457).
const problemType = "application/problem+json"

// ErrMissing means that there is nothing with the id of a request.
var ErrMissing = errors.New("there is nothing with this id")

// Fault is one thing that is wrong with a request.
type Fault struct {
	Location string // "body.seats", "query.cursor"
	Words    dialogs.Text
}

// Wrong is all that is wrong with a request.
type Wrong []Fault

// Error says it in English.
func (w Wrong) Error() string {
	all := make([]string, len(w))
	for i, f := range w {
		all[i] = f.Location + ": " + f.Words.In(dialogs.English)
	}
	return strings.Join(all, "; ")
}

// Conflict means that something cannot be done as things stand.
type Conflict struct{ Words dialogs.Text }

// Error says it in English.
func (c Conflict) Error() string { return c.Words.In(dialogs.English) }

// refusal is a problem document in the language of who asked.
type refusal struct {
	huma.ErrorModel
	headers http.Header
}

// GetHeaders are those that go with the problem.
func (f *refusal) GetHeaders() http.Header { return f.headers }

// MarshalJSON writes the document without anything beside it.
func (f *refusal) MarshalJSON() ([]byte, error) { return json.Marshal(&f.ErrorModel) }

// write answers with the problem where huma does not.
func (f *refusal) write(w http.ResponseWriter) {
	for k, v := range f.headers {
		w.Header()[k] = v
	}
	w.Header().Set("Content-Type", problemType)
	w.WriteHeader(f.Status)
	json.NewEncoder(w).Encode(&f.ErrorModel) //nolint:errcheck // the other side is gone
}

// plain is a problem in a sentence.
func plain(lang dialogs.Lang, status int, words dialogs.Text) *refusal {
	return &refusal{ErrorModel: huma.ErrorModel{Status: status, Title: http.StatusText(status), Detail: words.In(lang)}}
}

func tooMany(lang dialogs.Lang, wait time.Duration) *refusal {
	out := plain(lang, http.StatusTooManyRequests, wordsTooMany)
	out.headers = http.Header{"Retry-After": {strconv.Itoa(int(wait/time.Second) + 1)}}
	return out
}

// failed is the program's own fault: it is logged, and not told.
func (a *API) failed(lang dialogs.Lang, err error) *refusal {
	a.log.Error("API request failed", "error", err)
	return plain(lang, http.StatusInternalServerError, wordsFailed)
}

// refuse makes the problem document of an error.
func (a *API) refuse(ctx context.Context, err error) error {
	lang := askerOf(ctx).lang
	if ready, ok := errors.AsType[*refusal](err); ok {
		return ready
	}
	if wrong, ok := errors.AsType[Wrong](err); ok {
		return wrongRequest(lang, wrong)
	}
	if conflict, ok := errors.AsType[Conflict](err); ok {
		return plain(lang, http.StatusConflict, conflict.Words)
	}
	if all, ok := errors.AsType[programme.Problems](err); ok {
		var wrong Wrong
		for _, p := range all {
			wrong = append(wrong, faultOf(p))
		}
		return wrongRequest(lang, wrong)
	}
	if p, ok := errors.AsType[programme.Problem](err); ok {
		return refuseProblem(lang, p)
	}
	switch {
	case errors.Is(err, ErrMissing):
		return plain(lang, http.StatusNotFound, wordsMissing)
	case errors.Is(err, desk.ErrDone):
		return plain(lang, http.StatusConflict, wordsDone)
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return plain(lang, http.StatusServiceUnavailable, wordsBusy)
	default:
		return a.failed(lang, err)
	}
}

// refuseProblem says which kind of refusal a rule's is.
func refuseProblem(lang dialogs.Lang, p programme.Problem) error {
	switch p.Code {
	case programme.ClassUnknown, programme.RegistrationUnknown:
		return plain(lang, http.StatusNotFound, problemWords(p))
	case programme.ClassStarted, programme.ClassOver, programme.ClassCancelled, programme.SeatsHeld,
		programme.NoSeat, programme.NoOffer, programme.AttendanceTooSoon, programme.RequestOver, programme.RequestBackwards:
		return plain(lang, http.StatusConflict, problemWords(p))
	default:
		return wrongRequest(lang, Wrong{faultOf(p)})
	}
}

// wrongRequest is the problem of a request whose fields are wrong. With one
// fault the detail is the fault.
func wrongRequest(lang dialogs.Lang, wrong Wrong) *refusal {
	out := plain(lang, http.StatusUnprocessableEntity, wordsFields)
	for _, f := range wrong {
		out.Errors = append(out.Errors, &huma.ErrorDetail{Location: f.Location, Message: f.Words.In(lang)})
	}
	if len(wrong) == 1 {
		out.Detail = sentence(wrong[0].Words.In(lang))
	}
	return out
}

// fields is where in a request each code is about.
var fields = map[programme.Code]string{
	programme.TitleMissing: "title", programme.TitleLong: "title", programme.ContentLong: "about",
	programme.VenueMissing: "venue", programme.VenueLong: "venue", programme.SectorUnknown: "sector",
	programme.SessionsMissing: "sessions", programme.SessionOrder: "sessions", programme.SessionOverlap: "sessions", programme.SessionsPast: "sessions",
	programme.SeatsTooFew: "seats", programme.SeatsTooMany: "seats", programme.SeatsHeld: "seats", programme.QuotaNegative: "per_enterprise",
	programme.ClosesLate: "closes", programme.SessionUnknown: "session", programme.RegistrationUnknown: "present", programme.NoSeat: "present",
	programme.RequestStateUnknown: "state", programme.ReasonMissing: "reason", programme.ReasonLong: "reason", programme.NeedLong: "need",
}

// faultOf says where in the body a rule's problem is.
func faultOf(p programme.Problem) Fault {
	at := "body"
	if name := fields[p.Code]; name != "" {
		at += "." + name
	}
	for _, n := range []int{p.Session, p.Item} {
		if n > 0 {
			at += fmt.Sprintf("[%d]", n-1)
		}
	}
	return Fault{Location: at, Words: problemWords(p)}
}

// localize words what huma found wrong, and leaves out what was sent: that may
// be somebody's personal data.
func (a *API) localize(ctx huma.Context, _ string, v any) (any, error) {
	m, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	lang := askerOf(ctx.Context()).lang
	out := plain(lang, m.Status, wordsOfStatus(m.Status))
	for _, e := range m.Errors {
		if e == nil || m.Status >= http.StatusInternalServerError {
			continue // the program's own words are not for others
		}
		words := e.Message
		if m.Status == http.StatusBadRequest { // the decoder's words may quote what was sent
			words = wordsUnreadable.In(lang)
		}
		out.Errors = append(out.Errors, &huma.ErrorDetail{Location: e.Location, Message: fieldWords(words, lang)})
	}
	return &out.ErrorModel, nil
}

func sentence(s string) string {
	if s == "" {
		return s
	}
	r := []rune(s)
	return strings.ToUpper(string(r[:1])) + string(r[1:]) + "."
}
