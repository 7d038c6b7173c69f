package bot

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"sachhon/bot/desk"
	"sachhon/dialogs"
)

// checkSeen is a self-check as programs read it.
type checkSeen struct {
	ID       uint64
	Contact  string
	Sector   string
	Version  string
	Answers  map[string]string
	Band     string
	Answered int
	Sections []struct {
		Key, Band string
		Percent   int
	}
	Actions    []string
	Enterprise string
	TaxCode    string `json:"tax_code"`
	Created    time.Time
}

// requestSeen is a request for an expert's visit as programs read it.
type requestSeen struct {
	ID                                     uint64
	Contact, Name, Phone, Enterprise, Need string
	TaxCode                                string `json:"tax_code"`
	Sector, State, Reason                  string
	Weeks                                  []string
	Assessment                             uint64
	Steps                                  []struct{ State string }
	Created, Changed                       time.Time
}

// wholeList reads every page of a list, limit items at a time.
func wholeList[T any](s *apiServer, path string, limit int) (all []T) {
	s.Helper()
	with := "?"
	if strings.Contains(path, "?") {
		with = "&"
	}
	for next := ""; ; {
		var page struct {
			Items      []T
			NextCursor string `json:"next_cursor"`
		}
		s.want(200, desk.Viewer, "GET", fmt.Sprintf("%s%slimit=%d%s", path, with, limit, next), "").into(s, &page)
		all = append(all, page.Items...)
		if page.NextCursor == "" {
			return all
		}
		next = "&cursor=" + page.NextCursor
	}
}

// selfCheck has a visitor answer every question of a sector with one grade.
func (s *apiServer) selfCheck(name, sector string, grade byte) *visitor {
	s.Helper()
	v := newVisitor(s, s.b, name)
	v.say("/start check_" + sector)
	for said := v.say("Đồng ý, bắt đầu"); !strings.Contains(said, "Hết câu hỏi"); said = v.say(scaleWords[dialogs.Vietnamese][grade]) {
		if !strings.Contains(said, "(") {
			s.Fatalf("no question, but %s", said)
		}
	}
	v.say("Xem kết quả")
	return v
}

// TestAssessmentsByAPI reads what people answered and what it came to, which
// was worked out on paper.
func TestAssessmentsByAPI(t *testing.T) {
	s := openAPI(t)
	for i, one := range []struct {
		sector string
		grade  byte
	}{{"other", '0'}, {"wood", '3'}, {"other", '?'}} {
		s.selfCheck(fmt.Sprint("p", i), one.sector, one.grade)
	}
	all := wholeList[checkSeen](s, "/assessments", 1)
	if len(all) != 3 {
		t.Fatalf("read %+v", all)
	}
	for i, paper := range []struct {
		sector, band, actions, answer string
		answered, questions, sections int
	}{
		{"other", "start", "g14 g16 g1 g4 g8", "0", 100, 18, 9},
		{"wood", "good", "", "3", 100, 26, 10},
		{"other", "", "", "?", 0, 18, 9},
	} {
		c := all[i]
		if c.ID != uint64(i+1) || c.Sector != paper.sector || c.Band != paper.band || strings.Join(c.Actions, " ") != paper.actions ||
			c.Answered != paper.answered || len(c.Answers) != paper.questions || len(c.Sections) != paper.sections || c.Answers["g1"] != paper.answer {
			t.Errorf("self-check %d is %+v, want %+v", i+1, c, paper)
		}
		if c.Contact == "" || c.Version == "" || time.Since(c.Created) > time.Minute {
			t.Errorf("self-check %d does not say whose or when: %+v", i+1, c)
		}
	}
	if all[0].Version == all[1].Version {
		t.Error("two sectors have the same question sets")
	}
	if wood := wholeList[checkSeen](s, "/assessments?sector=wood", 1); len(wood) != 1 || wood[0].ID != 2 {
		t.Errorf("those of wood are %+v", wood)
	}
	var one checkSeen
	s.want(200, desk.Viewer, "GET", "/assessments/2", "").into(t, &one)
	if one.Contact != all[1].Contact || one.Band != "good" {
		t.Errorf("one alone is %+v", one)
	}
	s.want(404, desk.Viewer, "GET", "/assessments/4", "")
	s.want(422, desk.Viewer, "GET", "/assessments/x", "")
	s.want(204, desk.Admin, "DELETE", "/contacts/"+one.Contact, "")
	var left checkSeen
	s.want(200, desk.Viewer, "GET", "/assessments/2", "").into(t, &left)
	if left.Contact != "" || left.Band != "good" {
		t.Errorf("of a deleted person it says %+v", left)
	}
}

// TestRequestsByAPI reads requests for an expert's visit and brings them on.
func TestRequestsByAPI(t *testing.T) {
	s := openAPI(t)
	for i, name := range []string{"Nguyễn Thị Hòa", "Trần Văn Minh"} {
		v := s.selfCheck(fmt.Sprint("p", i), "wood", '1')
		said := v.say("Mời chuyên gia", "Đồng ý", "linh hoạt", name, fmt.Sprint("091234567", i), "Công ty Gỗ Minh Phát", "3700145020", "Hóa đơn lò sấy tăng", "Xác nhận")
		if !strings.Contains(said, fmt.Sprintf("lời mời số %d", i+1)) {
			t.Fatalf("person %d was told: %s", i, said)
		}
	}
	all := wholeList[requestSeen](s, "/requests", 1)
	if len(all) != 2 {
		t.Fatalf("the requests are %+v", all)
	}
	first := all[0]
	if first.ID != 1 || first.Name != "Nguyễn Thị Hòa" || first.Phone != "+84912345670" || first.Enterprise != "Công ty Gỗ Minh Phát" || first.TaxCode != "3700145020" ||
		first.Sector != "wood" || first.Need != "Hóa đơn lò sấy tăng" || len(first.Weeks) != 0 || first.Assessment != 1 || first.State != "received" || len(first.Steps) != 1 || first.Contact == "" {
		t.Errorf("the first is %+v", first)
	}
	change := func(status int, id int, body string) (r requestSeen) {
		t.Helper()
		s.ahead.Add(int64(time.Minute))
		s.want(status, desk.Officer, "PATCH", fmt.Sprint("/requests/", id), body).into(t, &r)
		return r
	}
	change(200, 1, `{"state":"contacted"}`)
	now := change(200, 1, `{"state":"surveyed"}`)
	var steps []string
	for _, step := range now.Steps {
		steps = append(steps, step.State)
	}
	if now.State != "surveyed" || !slices.Equal(steps, []string{"received", "contacted", "surveyed"}) || !now.Changed.After(now.Created) {
		t.Errorf("brought on, it is %+v", now)
	}
	change(409, 1, `{"state":"scheduled"}`)
	change(409, 1, `{"state":"declined","reason":"nhà máy chuyển đi"}`)
	change(422, 1, `{"state":"lost"}`)
	change(422, 2, `{"state":"declined"}`)
	change(404, 3, `{"state":"closed"}`)
	if no := change(200, 2, `{"state":"declined","reason":"nhà máy chuyển đi"}`); no.State != "declined" || no.Reason != "nhà máy chuyển đi" {
		t.Errorf("declined is %+v", no)
	}
	change(409, 2, `{"state":"contacted"}`)
	for state, want := range map[string]uint64{"surveyed": 1, "declined": 2} {
		if got := wholeList[requestSeen](s, "/requests?state="+state, 1); len(got) != 1 || got[0].ID != want {
			t.Errorf("%s are %+v", state, got)
		}
	}
	if got := wholeList[requestSeen](s, "/requests?state=received", 1); len(got) != 0 {
		t.Errorf("received still are %+v", got)
	}
	var again requestSeen
	s.want(200, desk.Viewer, "GET", "/requests/1", "").into(t, &again)
	if again.State != "surveyed" || again.Name != first.Name {
		t.Errorf("one alone is %+v", again)
	}
	s.want(422, desk.Viewer, "GET", "/requests?state=lost", "")
}
