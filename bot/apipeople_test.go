package bot

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"sachhon/bot/desk"
)

// enrolled has people register in a class of two seats and returns it.
func (s *apiServer) enrolled(people int, in time.Duration) (class string) {
	s.Helper()
	class = s.addClass("SXSH", in)
	for n := range people {
		v := newVisitor(s, s.b, fmt.Sprintf("p%d", n))
		v.register(class, n)
		if said := v.say("Xác nhận"); !strings.Contains(said, "đã đăng ký") && !strings.Contains(said, "danh sách chờ") {
			s.Fatalf("person %d was told: %s", n, said)
		}
	}
	return class
}

type registrationSeen struct {
	ID, Status, Name, Phone, Contact string
	Position                         int
}

func (s *apiServer) registrations(path string) (list []registrationSeen) {
	s.Helper()
	var page struct{ Items []registrationSeen }
	s.want(200, desk.Viewer, "GET", path, "").into(s, &page)
	return page.Items
}

func TestRegistrationsByAPI(t *testing.T) {
	s := openAPI(t)
	class := s.enrolled(4, 240*time.Hour)
	all := s.registrations("/classes/" + class + "/registrations")
	if len(all) != 4 || all[0].Status != "seat" || all[3].Status != "waiting" || all[3].Position != 2 || !strings.HasPrefix(all[0].Phone, "+84") {
		t.Fatalf("the registrations are %+v", all)
	}
	for _, path := range []string{"/registrations", "/registrations?class=" + class} {
		if got := s.registrations(path); !slices.Equal(got, all) {
			t.Errorf("%s: %+v", path, got)
		}
	}
	if got := s.registrations("/registrations?status=waiting&contact=" + all[2].Contact); len(got) != 1 || got[0] != all[2] {
		t.Errorf("those of one contact who wait: %+v", got)
	}
	var one registrationSeen
	s.want(200, desk.Viewer, "GET", "/registrations/"+strings.ToLower(all[3].ID), "").into(t, &one)
	if one != all[3] {
		t.Errorf("one alone: %+v", one)
	}
	s.want(404, desk.Viewer, "GET", "/registrations/ZZZZ-001", "")
	s.want(404, desk.Viewer, "GET", "/classes/zzzz/registrations", "")
}

// TestAttendance marks the same class three times, the last time after it began.
func TestAttendance(t *testing.T) {
	s := openAPI(t)
	class := s.enrolled(3, time.Hour)
	path := "/classes/" + class + "/attendance"
	code := func(n int) string { return fmt.Sprintf("%s-%03d", strings.ToUpper(class), n) }
	statuses := func() string {
		var all []string
		for _, r := range s.registrations("/classes/" + class + "/registrations") {
			all = append(all, r.Status)
		}
		return strings.Join(all, " ")
	}
	for _, tt := range []struct {
		name, body string
		ahead      time.Duration
		status     int
		want       string
	}{
		{"nobody is absent before it begins", `{"present":["` + code(1) + `"],"session":1}`, 0, 200, "attended seat waiting"},
		{"the list takes the place of the one before", `{"present":["` + strings.ToLower(code(2)) + `"]}`, 0, 200, "seat attended waiting"},
		{"who waits has no seat", `{"present":["` + code(1) + `","` + code(3) + `"]}`, 0, 422, "seat attended waiting"},
		{"nobody has this code", `{"present":["` + code(9) + `"]}`, 0, 422, "seat attended waiting"},
		{"there is one session", `{"present":[],"session":2}`, 0, 422, "seat attended waiting"},
		{"from then on who is not there is absent", `{"present":["` + code(1) + `"]}`, 2 * time.Hour, 200, "attended absent waiting"},
	} {
		s.ahead.Store(int64(tt.ahead))
		got := s.want(tt.status, desk.Officer, "POST", path, tt.body)
		if now := statuses(); now != tt.want {
			t.Errorf("%s: %s, want %s (%s)", tt.name, now, tt.want, got.raw)
		}
		if tt.name == "who waits has no seat" && !strings.Contains(got.raw, `"body.present[1]"`) {
			t.Errorf("%s: the place is in %s", tt.name, got.raw)
		}
	}
}

// TestContactsByAPI hands out and deletes what is kept; the freed seat goes to
// who waits, and nothing of the person stays.
func TestContactsByAPI(t *testing.T) {
	s := openAPI(t)
	class := s.enrolled(3, 240*time.Hour)
	who := s.registrations("/classes/" + class + "/registrations")[0]
	var page struct {
		Items []struct {
			ID, Name, Phone, Language string
			Channels, Consents        []string
		}
	}
	s.want(200, desk.Viewer, "GET", "/contacts", "").into(t, &page)
	at := slices.IndexFunc(page.Items, func(c struct {
		ID, Name, Phone, Language string
		Channels, Consents        []string
	}) bool {
		return c.ID == who.Contact
	})
	if len(page.Items) != 3 || at < 0 || page.Items[at].Name != who.Name || page.Items[at].Channels[0] != "web" || !slices.Contains(page.Items[at].Consents, "class") {
		t.Fatalf("the contacts are %+v", page.Items)
	}
	export := s.want(200, desk.Officer, "GET", "/contacts/"+who.Contact+"/export", "")
	var kept struct {
		Registrations, Conversation []json.RawMessage
	}
	export.into(t, &kept)
	if len(kept.Registrations) != 1 || len(kept.Conversation) == 0 || !strings.Contains(export.raw, who.Phone) {
		t.Errorf("handed out was %s", export.raw)
	}
	s.want(204, desk.Admin, "DELETE", "/contacts/"+who.Contact, "")
	for _, path := range []string{"/contacts/" + who.Contact, "/contacts/" + who.Contact + "/export"} {
		s.want(404, desk.Admin, "GET", path, "")
	}
	s.want(404, desk.Admin, "DELETE", "/contacts/"+who.Contact, "")
	all := s.registrations("/classes/" + class + "/registrations")
	if all[0].Status != "cancelled" || all[0].Name != "" || all[2].Status != "offered" {
		t.Errorf("afterwards the class is %+v", all)
	}
	if err := s.b.store.Each(t.Context(), func(bucket string, k, v []byte) {
		if strings.Contains(string(v), who.Name) || strings.Contains(string(v), who.Phone) || strings.Contains(string(k), who.Phone) {
			t.Errorf("something of the person is left in %s", bucket)
		}
	}); err != nil {
		t.Error(err)
	}
	raw, err := os.ReadFile(s.folder + "/forgotten.txt")
	if err != nil || !strings.Contains(string(raw), who.Contact) {
		t.Errorf("forgotten.txt: %q, %v", raw, err)
	}
}

func TestMessagesByAPI(t *testing.T) {
	s := openAPI(t)
	v := newVisitor(t, s.b, "hoi")
	v.say("/hoi")
	v.say("Lớp có thu phí không?")
	var page struct {
		Items []struct {
			ID           int
			Status, Text string
		}
	}
	s.want(200, desk.Viewer, "GET", "/messages?status=open", "").into(t, &page)
	if len(page.Items) != 1 || page.Items[0].Text != "Lớp có thu phí không?" {
		t.Fatalf("the questions are %+v", page.Items)
	}
	path := fmt.Sprintf("/messages/%d", page.Items[0].ID)
	s.want(422, desk.Officer, "POST", path+"/reply", `{"text":" "}`)
	first := s.want(200, desk.Officer, "POST", path+"/reply", `{"text":"Dạ, lớp miễn phí."}`, "Idempotency-Key", "tra-loi")
	if again := s.want(200, desk.Officer, "POST", path+"/reply", `{"text":"Dạ, lớp miễn phí."}`, "Idempotency-Key", "tra-loi"); again.raw != first.raw {
		t.Errorf("answered %s and %s", again.raw, first.raw)
	}
	s.want(409, desk.Officer, "POST", path+"/reply", `{"text":"Lần nữa."}`)
	if said := v.heard(); strings.Count(said, "Dạ, lớp miễn phí.") != 1 {
		t.Errorf("the person was told: %s", said)
	}
	s.want(200, desk.Viewer, "GET", "/messages?status=open", "").into(t, &page)
	if len(page.Items) != 0 {
		t.Errorf("open still: %+v", page.Items)
	}
}

// TestAuditSaysWhoDidWhat wants each deed noted once, and nothing of people in it.
func TestAuditSaysWhoDidWhat(t *testing.T) {
	s := openAPI(t)
	class := s.enrolled(1, 240*time.Hour)
	who := s.registrations("/registrations")[0]
	s.want(200, desk.Officer, "PATCH", "/classes/"+class, `{"seats":3}`, "Idempotency-Key", "x")
	s.want(422, desk.Officer, "PATCH", "/classes/"+class, `{}`)
	s.want(200, desk.Officer, "GET", "/contacts/"+who.Contact+"/export", "")
	s.want(204, desk.Admin, "DELETE", "/contacts/"+who.Contact, "")
	var got []string
	for path := "/audit?limit=2"; path != ""; {
		var page struct {
			Items []struct {
				Actor, Action, Object string
				At                    time.Time
			}
			NextCursor string `json:"next_cursor"`
		}
		answer := s.want(200, desk.Viewer, "GET", path, "")
		answer.into(t, &page)
		if strings.Contains(answer.raw, who.Name) || strings.Contains(answer.raw, who.Phone) {
			t.Error("the audit names people")
		}
		for _, r := range page.Items {
			got = append(got, r.Actor+" "+r.Action+" "+r.Object)
		}
		path = ""
		if page.NextCursor != "" {
			path = "/audit?limit=2&cursor=" + page.NextCursor
		}
	}
	want := []string{"program-admin contact.delete " + who.Contact, "program-officer contact.export " + who.Contact, "program-officer class.change " + class,
		"program-officer class.add " + class, "shell token.create program-admin", "shell token.create program-officer", "shell token.create program-viewer"}
	if !slices.Equal(got, want) {
		t.Errorf("the audit is\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
