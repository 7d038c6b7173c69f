package bot

import (
	"slices"
	"strings"
	"testing"
	"time"

	"sachhon/bot/desk"
)

// promise is the object of the contract.
type promise struct {
	ID, Status string
	Counts     *struct{ Total, Sent, Failed, Skipped, Pending int }
	Skipped    map[string]int `json:"skipped_by_reason"`
	By         string
	Segment    map[string]any
}

// theContractsOwn is the body that the contract shows, a year ahead.
func theContractsOwn() string {
	at := time.Now().AddDate(1, 0, 0)
	return `{"title":"Tin tháng 12","kind":"promotion","text":{"vi":"Mời anh/chị xem lớp mới.","en":"See the new class."},"segment":{"sector":["wood"],"subscribed":true},"send_at":"` +
		at.Format(time.RFC3339) + `","expires_at":"` + at.AddDate(0, 0, 7).Format(time.RFC3339) + `"}`
}

func TestBroadcastsByAPI(t *testing.T) {
	s := openAPI(t)
	// The body is made once: made anew a second later it is another request.
	body := theContractsOwn()
	first := s.want(201, desk.Officer, "POST", "/broadcasts", body, "Idempotency-Key", "dot-1")
	if again := s.want(201, desk.Officer, "POST", "/broadcasts", body, "Idempotency-Key", "dot-1"); again.raw != first.raw {
		t.Errorf("answered %s and %s", first.raw, again.raw)
	}
	var c promise
	first.into(t, &c)
	if c.ID == "" || c.Status != "scheduled" || c.Counts == nil || c.By != "program-officer" || c.Segment["subscribed"] != true {
		t.Fatalf("made was %s", first.raw)
	}
	if !strings.Contains(first.raw, `"per_second":0,"seconds_left":0`) {
		t.Errorf("of what has not begun, the pace is told as %s", first.raw)
	}
	if n, ok := c.Skipped["quiet_hours"]; !ok || n != 0 || len(c.Skipped) < 2 {
		t.Errorf("skipped by reason is %v", c.Skipped)
	}
	path := "/broadcasts/" + c.ID
	if shown := s.want(200, desk.Viewer, "GET", path, ""); shown.raw != first.raw {
		t.Errorf("shown is %s, made was %s", shown.raw, first.raw)
	}
	paused := s.want(200, desk.Officer, "POST", path+"/cancel", "", "Idempotency-Key", "het")
	paused.into(t, &c)
	if c.Status != "cancelled" {
		t.Errorf("cancelled is %s", paused.raw)
	}
	if again := s.want(200, desk.Officer, "POST", path+"/cancel", "", "Idempotency-Key", "het"); again.raw != paused.raw {
		t.Errorf("cancelled twice: %s", again.raw)
	}
	for _, what := range []string{"pause", "resume"} {
		if got := s.want(409, desk.Officer, "POST", path+"/"+what, ""); !strings.Contains(got.raw, "cancelled") {
			t.Errorf("%s of what is cancelled: %s", what, got.raw)
		}
	}
	s.want(404, desk.Viewer, "GET", "/broadcasts/bzzzzz", "")
	s.want(404, desk.Officer, "POST", "/broadcasts/bzzzzz/pause", "")
}

func TestBroadcastsArePagedTheLatestFirst(t *testing.T) {
	s := openAPI(t)
	var want, got []string
	for range 3 {
		var c promise
		s.ahead.Add(int64(time.Second))
		s.want(201, desk.Officer, "POST", "/broadcasts", theContractsOwn()).into(t, &c)
		want = append([]string{c.ID}, want...)
	}
	for path := "/broadcasts?limit=2"; path != ""; {
		var page struct {
			Items      []promise
			NextCursor string `json:"next_cursor"`
		}
		s.want(200, desk.Viewer, "GET", path, "").into(t, &page)
		for _, c := range page.Items {
			got = append(got, c.ID)
		}
		path = ""
		if page.NextCursor != "" {
			path = "/broadcasts?limit=2&cursor=" + page.NextCursor
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("read %v, want %v", got, want)
	}
}

func TestRecipientByAPI(t *testing.T) {
	s := openAPI(t)
	v := newVisitor(t, s.b, "an")
	v.say("xin chào")
	var c promise
	s.want(201, desk.Officer, "POST", "/broadcasts", theContractsOwn()).into(t, &c)
	var r struct {
		Status string
		Words  struct{ VI, EN string }
	}
	s.want(200, desk.Viewer, "GET", "/broadcasts/"+c.ID+"/recipients/web:an", "").into(t, &r)
	if r.Status != "none" || r.Words.VI == "" || r.Words.EN == "" {
		t.Errorf("the recipient is %+v", r)
	}
	s.want(404, desk.Viewer, "GET", "/broadcasts/"+c.ID+"/recipients/nobody", "")
	s.want(404, desk.Viewer, "GET", "/broadcasts/bzzzzz/recipients/web:an", "")
}

func TestWrongBroadcasts(t *testing.T) {
	s := openAPI(t)
	for _, tt := range []struct{ change, to, at string }{
		{`"promotion"`, `"advert"`, "body.kind"},
		{`"Tin tháng 12"`, `" "`, "body.title"},
		{`"Mời anh/chị xem lớp mới."`, `""`, "body.text.vi"},
		{`"title"`, `"heading":"x","title"`, "body.heading"},
		{`"send_at":"`, `"send_at":"mai `, "body.send_at"},
		{`"send_at":"2`, `"send_at":"1`, "body.send_at"},
		{`["wood"]`, `["wood"],"colour":["red"]`, "body.segment.colour"},
		{`["wood"]`, `[]`, "body.segment.sector"},
		{`["wood"]`, `"wood"`, "body.segment.sector"},
		{`["wood"]`, `["wod"]`, "body.segment.sector"},
		{`"subscribed":true`, `"language":["vn"]`, "body.segment.language"},
		{`"subscribed":true`, `"not":{"channel":["telegramm"]}`, "body.segment.channel"},
		{`"subscribed":true`, `"role":["boss"]`, "body.segment.role"},
		{`{"sector":["wood"],"subscribed":true}`, `"ai đó"`, "body.segment"},
		{`"Mời anh/chị xem lớp mới."`, `"` + strings.Repeat("ơ", 2001) + `"`, "body.text.vi"},
		{`"See the new class."`, `"` + strings.Repeat("o", 2001) + `"`, "body.text.en"},
		{`"title"`, `"expires_at":"2020-01-01T00:00:00Z","x":"","title"`, "body.x"},
		{`"title"`, `"answers":[{"label":"Có"},{"key":"A b","label":"Không"}],"title"`, "body.answers[1].key"},
		{`"title"`, `"answers":[{"label":"` + strings.Repeat("ơ", 41) + `"}],"title"`, "body.answers[0].label"},
		{`"title"`, `"media":{"name":"a.png","bytes":"!!"},"title"`, "body.media.bytes"},
		{`"title"`, `"media":{"name":"a.png","bytes":"AAAA"},"title"`, "body.media.bytes"},
		{`"title"`, `"media":{"name":"a","bytes":"AAAA"},"title"`, "body.media.name"},
		{`{"sector":["wood"],"subscribed":true}`, `7`, "body.segment"},
	} {
		got := s.want(422, desk.Officer, "POST", "/broadcasts", strings.Replace(theContractsOwn(), tt.change, tt.to, 1))
		var doc struct {
			Errors []struct{ Location, Message string }
		}
		got.into(t, &doc)
		if len(doc.Errors) == 0 || doc.Errors[0].Location != tt.at {
			t.Errorf("with %s: %s", tt.to, got.raw)
			continue
		}
		said := doc.Errors[0].Message
		got = s.want(422, desk.Officer, "POST", "/broadcasts", strings.Replace(theContractsOwn(), tt.change, tt.to, 1), "Accept-Language", "vi")
		got.into(t, &doc)
		if len(doc.Errors) == 0 || doc.Errors[0].Message == said || strings.Contains(got.raw, "json:") || strings.Contains(got.raw, "read ") {
			t.Errorf("with %s, in Vietnamese: %s", tt.to, got.raw)
		}
	}
}
