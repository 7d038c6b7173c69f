package console

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"sachhon/bot/desk"
	"sachhon/bot/programme"
	"sachhon/dialogs"
)

// Classes are the training classes as the running program has them. Errors are
// those of bot/programme, and [ErrMissing].
type Classes interface {
	AddClass(ctx context.Context, req programme.ClassRequest) (Class, error)
	ChangeClass(ctx context.Context, id string, change ClassChange) (Class, error)
	Class(ctx context.Context, id string) (Class, error)
	// Classes reads the classes, the earliest first.
	Classes(ctx context.Context, p Page) ([]Class, string, error)
	TakeAttendance(ctx context.Context, req programme.AttendanceRequest) (Attendance, error)
}

// Class is a class as programs see it.
type Class struct {
	ID            string       `json:"id"`
	Status        string       `json:"status" enum:"planned,open,full,closed,running,finished,cancelled"`
	Title         Words        `json:"title"`
	About         *Words       `json:"about,omitempty"`
	Sector        string       `json:"sector,omitempty" doc:"wood, tobacco, food or chemicals; none: all."`
	Venue         string       `json:"venue"`
	Starts        time.Time    `json:"starts"`
	Ends          time.Time    `json:"ends"`
	Sessions      []ClassMeets `json:"sessions" nullable:"false"`
	Closes        time.Time    `json:"closes" doc:"When registration ends."`
	Seats         int          `json:"seats"`
	Taken         int          `json:"taken"`
	Offered       int          `json:"offered"`
	Waiting       int          `json:"waiting"`
	Left          int          `json:"left"`
	PerEnterprise int          `json:"per_enterprise" doc:"How many people one enterprise may send; 0: no limit."`
}

// ClassMeets is one session (buổi) of a class.
type ClassMeets struct {
	Starts time.Time `json:"starts"`
	Ends   time.Time `json:"ends"`
}

// ClassOf shows a class as it stands at now, with times in the zone of now.
func ClassOf(c *programme.Class, now time.Time) Class {
	in := func(t time.Time) time.Time { return t.In(now.Location()) }
	out := Class{ID: c.ID, Status: string(c.Status(now)), Title: Words(c.Title), Sector: c.Sector, Venue: c.Venue, Starts: in(c.Starts()), Ends: in(c.Ends()),
		Closes: in(c.Starts()), Seats: c.Seats, Taken: c.Taken, Offered: c.Offered, Waiting: c.Waiting, Left: c.Left(), PerEnterprise: c.PerEnterprise}
	if c.Content != (dialogs.Text{}) {
		about := Words(c.Content)
		out.About = &about
	}
	if !c.Closes.IsZero() {
		out.Closes = in(c.Closes)
	}
	for _, s := range c.Sessions {
		out.Sessions = append(out.Sessions, ClassMeets{in(s.Starts), in(s.Ends)})
	}
	return out
}

// ClassChange is what is to change of a class; zero fields stay as they are.
type ClassChange struct {
	Sessions []programme.Session
	Venue    string
	Closes   time.Time
	Seats    int
	State    programme.State // open, closed or cancelled
}

// Attendance is how a class stands after a list of those present was taken.
type Attendance struct {
	Class    string `json:"class"`
	Session  int    `json:"session"`
	Attended int    `json:"attended" doc:"Who came to at least one session."`
	Absent   int    `json:"absent"`
	Unmarked int    `json:"unmarked" doc:"Who is not there yet; the session has not begun."`
}

// Words are in Vietnamese and perhaps in English. A plain string is Vietnamese.
type Words dialogs.Text

// UnmarshalJSON reads a string or an object.
func (w *Words) UnmarshalJSON(raw []byte) error {
	if len(raw) > 0 && raw[0] == '"' {
		return json.Unmarshal(raw, &w.VI)
	}
	return json.Unmarshal(raw, (*dialogs.Text)(w))
}

// MarshalJSON writes an object.
func (w Words) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		VI string `json:"vi"`
		EN string `json:"en,omitempty"`
	}(w))
}

// Schema describes both forms.
func (Words) Schema(huma.Registry) *huma.Schema {
	text := func() *huma.Schema { return &huma.Schema{Type: huma.TypeString} }
	object := &huma.Schema{Type: huma.TypeObject, Properties: map[string]*huma.Schema{"vi": text(), "en": text()},
		Required: []string{"vi"}, AdditionalProperties: false}
	whole := &huma.Schema{Description: "Words in Vietnamese and perhaps English; a plain string is Vietnamese.", OneOf: []*huma.Schema{text(), object}}
	object.PrecomputeMessages()
	whole.PrecomputeMessages()
	return whole
}

// SessionGiven is one session as it is written down.
type SessionGiven struct {
	Starts string `json:"starts" example:"2026-12-10T08:00:00+07:00"`
	Ends   string `json:"ends" example:"2026-12-10T16:30:00+07:00"`
}

// Times are when a class is held: one session as starts and ends, or all of them.
type Times struct {
	Starts   string         `json:"starts,omitempty" example:"2026-12-10T08:00:00+07:00" doc:"Of a class with one session. A time without an offset is the centre's own."`
	Ends     string         `json:"ends,omitempty" example:"2026-12-10T16:30:00+07:00"`
	Sessions []SessionGiven `json:"sessions,omitempty" maxItems:"64" doc:"Instead of starts and ends: every session (buổi)."`
	Closes   string         `json:"closes,omitempty" example:"2026-12-08T17:00:00+07:00" doc:"When registration ends; none: when the class starts."`
}

// ClassRequest is a class to be added.
type ClassRequest struct {
	Times
	Title         Words  `json:"title"`
	About         Words  `json:"about,omitempty" doc:"What it covers."`
	Venue         string `json:"venue"`
	Sector        string `json:"sector,omitempty" doc:"wood, tobacco, food or chemicals; none: all."`
	Seats         int    `json:"seats"`
	PerEnterprise int    `json:"per_enterprise,omitempty" doc:"How many people one enterprise may send; 0: no limit."`
	Planned       bool   `json:"planned,omitempty" doc:"Do not open registration yet."`
}

// ClassPatch is what is to change of a class.
type ClassPatch struct {
	Times
	Venue  string `json:"venue,omitempty"`
	Seats  int    `json:"seats,omitempty" minimum:"1"`
	Status string `json:"status,omitempty" enum:"open,closed,cancelled" doc:"Open or close registration, or cancel the class and tell everybody in it."`
}

// PresentList is who was present at a session.
type PresentList struct {
	Present []string `json:"present" nullable:"false" maxItems:"10000" example:"[\"7F3K-001\"]" doc:"Registrations; all others with a seat were not there."`
	Session int      `json:"session,omitempty" default:"1" minimum:"1" doc:"Which session, from 1."`
}

// ClassID is a class named in a path.
type ClassID struct {
	ID string `path:"id" maxLength:"40" doc:"The class, such as 7f3k."`
}

type classPost struct {
	Once
	Body ClassRequest
}

type classPatch struct {
	ClassID
	Body ClassPatch
}

type attendancePost struct {
	ClassID
	Once
	Body PresentList
}

func (a *API) classRoutes() {
	add(a, route{method: http.MethodPost, path: "/classes", action: "class.add", summary: "Add a class", role: desk.Officer, status: http.StatusCreated}, a.addClass)
	add(a, route{method: http.MethodGet, path: "/classes", action: "class.list", summary: "List classes, the earliest first", role: desk.Viewer},
		func(ctx context.Context, in *Paging) (*listed[Class], error) {
			p, err := in.page()
			if err != nil {
				return nil, err
			}
			items, next, err := a.centre.Classes(ctx, p)
			return answerList(items, next, "/classes", nil, p.Limit), err
		})
	add(a, route{method: http.MethodGet, path: "/classes/{id}", action: "class.show", summary: "Show a class", role: desk.Viewer},
		func(ctx context.Context, in *ClassID) (*answered[Class], error) {
			return answer(a.centre.Class(ctx, in.ID))
		})
	add(a, route{method: http.MethodPatch, path: "/classes/{id}", action: "class.change", summary: "Change when, where and for how many a class is held, open, close or cancel it; people are told", role: desk.Officer}, a.changeClass)
	add(a, route{method: http.MethodGet, path: "/classes/{id}/registrations", action: "class.registrations", summary: "List the registrations of a class in order of arrival", role: desk.Viewer}, a.classRegistrations)
	add(a, route{method: http.MethodPost, path: "/classes/{id}/attendance", action: "class.attendance", summary: "Take down who was present at a session, in place of an earlier list", role: desk.Officer},
		func(ctx context.Context, in *attendancePost) (*answered[Attendance], error) {
			return answer(a.centre.TakeAttendance(ctx, programme.AttendanceRequest{Class: in.ID, Session: in.Body.Session, Present: in.Body.Present}))
		})
}

func (a *API) addClass(ctx context.Context, in *classPost) (*answered[Class], error) {
	b := &in.Body
	sessions, closes, err := b.read(a.zone)
	if err != nil {
		return nil, err
	}
	return answer(a.centre.AddClass(ctx, programme.ClassRequest{Title: dialogs.Text(b.Title), Content: dialogs.Text(b.About), Sector: b.Sector,
		Venue: b.Venue, Sessions: sessions, Seats: b.Seats, PerEnterprise: b.PerEnterprise, Closes: closes, Planned: b.Planned}))
}

func (a *API) changeClass(ctx context.Context, in *classPatch) (*answered[Class], error) {
	b := &in.Body
	sessions, closes, err := b.read(a.zone)
	if err != nil {
		return nil, err
	}
	if sessions == nil && closes.IsZero() && b.Venue == "" && b.Seats == 0 && b.Status == "" {
		return nil, Wrong{{Location: "body", Words: wordsNoChange}}
	}
	return answer(a.centre.ChangeClass(ctx, in.ID, ClassChange{Sessions: sessions, Venue: b.Venue, Closes: closes, Seats: b.Seats, State: programme.State(b.Status)}))
}

// read reads the times of a request, those without an offset in zone.
func (t *Times) read(zone *time.Location) (sessions []programme.Session, closes time.Time, err error) {
	var wrong Wrong
	at := func(s, where string) time.Time {
		when, ok := instant(s, zone)
		if !ok {
			wrong = append(wrong, Fault{"body." + where, wordsTime})
		}
		return when
	}
	one := t.Starts != "" || t.Ends != ""
	switch {
	case one && len(t.Sessions) > 0:
		wrong = append(wrong, Fault{"body.sessions", wordsBothTimes})
	case one:
		sessions = []programme.Session{{Starts: at(t.Starts, "starts"), Ends: at(t.Ends, "ends")}}
	}
	for i, s := range t.Sessions {
		where := fmt.Sprintf("sessions[%d].", i)
		sessions = append(sessions, programme.Session{Starts: at(s.Starts, where+"starts"), Ends: at(s.Ends, where+"ends")})
	}
	if t.Closes != "" {
		closes = at(t.Closes, "closes")
	}
	if wrong != nil {
		return nil, closes, wrong
	}
	return sessions, closes, nil
}

// instant reads a time with an offset, or without one as of zone.
func instant(s string, zone *time.Location) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	for _, layout := range []string{"2006-01-02T15:04:05", "2006-01-02T15:04"} {
		if t, err := time.ParseInLocation(layout, s, zone); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}
