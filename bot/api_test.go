package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sachhon/bot/config"
	"sachhon/bot/desk"
	"sachhon/bot/store/storetest"
)

// apiServer is the whole program on a free port, with tokens of every role.
type apiServer struct {
	testing.TB
	b      *Bot
	folder string
	ahead  atomic.Int64 // how far its clock is ahead of ours, a duration
	logs   *lockedBuffer
	tokens map[desk.Role]string
}

// openAPI starts a server; the store is checked and the log searched for
// tokens when the test ends.
func openAPI(t testing.TB) *apiServer {
	t.Helper()
	s := &apiServer{TB: t, folder: t.TempDir(), logs: &lockedBuffer{}, tokens: map[desk.Role]string{}}
	s.start()
	for _, role := range desk.Roles() {
		secret, err := s.b.CreateToken(context.Background(), "program-"+string(role), role)
		if err != nil {
			t.Fatal(err)
		}
		s.tokens[role] = secret
	}
	t.Cleanup(func() {
		s.stop()
		for _, secret := range s.tokens {
			if strings.Contains(s.logs.String(), secret[4:]) {
				t.Error("a token is in the log")
			}
		}
	})
	return s
}

func (s *apiServer) start() {
	s.Helper()
	cfg, err := config.Load(map[string]string{"data": s.folder, "listen": "127.0.0.1:0", "metrics-listen": ""}, func(string) (string, bool) { return "", false }, nil)
	if err != nil {
		s.Fatal(err)
	}
	s.b = New(Options{Config: cfg, Version: "test", Now: func() time.Time { return time.Now().Add(time.Duration(s.ahead.Load())) },
		Log: slog.New(slog.NewTextHandler(s.logs, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	if err := s.b.Start(context.Background()); err != nil {
		s.Fatal(err)
	}
}

func (s *apiServer) stop() {
	s.Helper()
	storetest.Check(s, s.b.store)
	if err := s.b.Stop(); err != nil {
		s.Error(err)
	}
}

// reply is what the API answered.
type reply struct {
	status int
	header http.Header
	raw    string
}

// into reads the answer's body.
func (r reply) into(t testing.TB, v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(r.raw), v); err != nil {
		t.Fatalf("%v in %d %s", err, r.status, r.raw)
	}
}

// call asks for something as a role; header are pairs of names and values.
func (s *apiServer) call(role desk.Role, method, path, body string, header ...string) reply {
	s.Helper()
	r, err := http.NewRequest(method, "http://"+s.b.Addr()+"/api/v1"+path, strings.NewReader(body))
	if err != nil {
		s.Fatal(err)
	}
	if token := s.tokens[role]; token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		s.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		s.Fatal(err)
	}
	out := reply{resp.StatusCode, resp.Header, string(raw)}
	if resp.StatusCode >= 400 {
		s.problem(out)
	}
	return out
}

// want asks for something and wants a status.
func (s *apiServer) want(status int, role desk.Role, method, path, body string, header ...string) reply {
	s.Helper()
	got := s.call(role, method, path, body, header...)
	if got.status != status {
		s.Fatalf("%s %s as %q: %d, want %d: %s", method, path, role, got.status, status, got.raw)
	}
	return got
}

// problem checks that an answer is a problem document.
func (s *apiServer) problem(r reply) {
	s.Helper()
	var doc struct {
		Title, Detail string
		Status        int
	}
	if ct := r.header.Get("Content-Type"); ct != "application/problem+json" {
		s.Errorf("%d comes as %s: %s", r.status, ct, r.raw)
	}
	r.into(s, &doc)
	if doc.Status != r.status || doc.Title == "" || doc.Detail == "" {
		s.Errorf("%d is told as %s", r.status, r.raw)
	}
}

// classBody is a class that begins in some time.
func classBody(title string, in time.Duration) string {
	starts := time.Now().Add(in)
	return fmt.Sprintf(`{"title":%q,"starts":%q,"ends":%q,"venue":"Hội trường B","seats":2}`, title, starts.Format(time.RFC3339), starts.Add(8*time.Hour).Format(time.RFC3339))
}

func (s *apiServer) addClass(title string, in time.Duration) string {
	s.Helper()
	var c struct{ ID string }
	s.want(201, desk.Officer, "POST", "/classes", classBody(title, in)).into(s, &c)
	return c.ID
}

// TestWhoMayDoWhat tries every route with every role, and without a token.
func TestWhoMayDoWhat(t *testing.T) {
	s := openAPI(t)
	for _, op := range s.described() {
		path := strings.NewReplacer("{id}", "1", "{contact}", "x").Replace(strings.TrimPrefix(op.path, "/api/v1"))
		if got := s.call("", op.method, path, ""); got.status != 401 || got.header.Get("WWW-Authenticate") == "" {
			t.Errorf("%s %s without a token: %d", op.method, op.path, got.status)
		}
		for _, role := range desk.Roles() {
			got := s.call(role, op.method, path, "")
			if may := role.Covers(op.needs()); may == (got.status == 403) {
				t.Errorf("%s %s as %s: %d", op.method, op.path, role, got.status)
			}
		}
	}
}

// needs is the least role by the rule: viewers read, officers write and hand
// out all that is kept of a person, admins delete.
func (o operation) needs() desk.Role {
	switch {
	case strings.HasSuffix(o.path, "/export"):
		return desk.Officer
	case o.method == "GET":
		return desk.Viewer
	case o.method == "DELETE":
		return desk.Admin
	default:
		return desk.Officer
	}
}

func TestTokensThatDoNotWork(t *testing.T) {
	s := openAPI(t)
	for _, header := range []string{"", "Bearer", "Bearer ", "Bearer sh_unknown", "Basic " + s.tokens[desk.Admin], s.tokens[desk.Admin]} {
		s.want(401, "", "GET", "/classes", "", "Authorization", header)
	}
	s.want(401, "", "GET", "/classes?token="+s.tokens[desk.Admin], "")
	s.want(200, desk.Admin, "GET", "/classes", "")
	if err := s.b.RevokeToken(t.Context(), "program-admin"); err != nil {
		t.Fatal(err)
	}
	s.want(401, desk.Admin, "GET", "/classes", "")
	s.want(200, desk.Viewer, "GET", "/classes", "")
	list, err := s.b.Tokens(t.Context())
	if err != nil || len(list) != 3 || list[0].Works() || list[2].Used.IsZero() || list[2].Used.Second() != 0 || !list[1].Used.IsZero() {
		t.Errorf("the tokens are %+v, %v", list, err)
	}
	err = s.b.store.Each(t.Context(), func(bucket string, k, v []byte) {
		for _, secret := range s.tokens {
			if bytes.Contains(k, []byte(secret)) || bytes.Contains(v, []byte(secret)) {
				t.Errorf("a token is kept in %s", bucket)
			}
		}
	})
	if err != nil {
		t.Error(err)
	}
}

func TestFailedAttemptsAreSlowedDownAndTokensAreNot(t *testing.T) {
	s := openAPI(t)
	slowed := false
	for range 120 {
		got := s.call("", "GET", "/classes", "", "Authorization", "Bearer sh_guess")
		if got.status == 429 {
			slowed = got.header.Get("Retry-After") != ""
			break
		}
	}
	if !slowed {
		t.Error("120 failed attempts were all let try on")
	}
	s.want(200, desk.Viewer, "GET", "/classes", "")
}

func TestClassesByAPI(t *testing.T) {
	s := openAPI(t)
	id := s.addClass("SXSH ngành gỗ", 240*time.Hour)
	var c struct {
		ID, Status, Venue string
		Title             struct{ VI string }
		Seats             int
	}
	s.want(200, desk.Viewer, "GET", "/classes/"+strings.ToUpper(id), "").into(t, &c)
	if c.ID != id || c.Status != "open" || c.Title.VI != "SXSH ngành gỗ" || c.Seats != 2 {
		t.Errorf("the class is %+v", c)
	}
	s.want(200, desk.Officer, "PATCH", "/classes/"+id, `{"venue":"Hội trường A","seats":5}`).into(t, &c)
	if c.Venue != "Hội trường A" || c.Seats != 5 {
		t.Errorf("changed to %+v", c)
	}
	for _, status := range []string{"closed", "open", "cancelled"} {
		s.want(200, desk.Officer, "PATCH", "/classes/"+id, `{"status":"`+status+`"}`).into(t, &c)
		if c.Status != status {
			t.Errorf("the class is %s, want %s", c.Status, status)
		}
	}
	s.want(409, desk.Officer, "PATCH", "/classes/"+id, `{"seats":7}`)
	s.want(404, desk.Viewer, "GET", "/classes/zzzz", "")
	s.want(404, desk.Officer, "PATCH", "/classes/zzzz", `{"seats":7}`)
}

// TestWrongRequests wants each told where and in both languages.
func TestWrongRequests(t *testing.T) {
	s := openAPI(t)
	id := s.addClass("Lớp", 240*time.Hour)
	for _, tt := range []struct {
		name, method, path, body string
		status                   int
		at, vi                   string
	}{
		{"no JSON", "POST", "/classes", `{"title":`, 400, "body", "JSON"},
		{"no body", "POST", "/classes", ``, 400, "", "JSON"},
		{"a list", "POST", "/classes", `[]`, 422, "body", "đối tượng"},
		{"a field nobody knows", "POST", "/classes", `{"title":"Lớp","venue":"B","seats":1,"teacher":"x"}`, 422, "body.teacher", "không có trường"},
		{"a field is missing", "POST", "/classes", `{"title":"Lớp","seats":1}`, 422, "body", "venue"},
		{"another type", "POST", "/classes", `{"title":"Lớp","venue":"B","seats":"many"}`, 422, "body.seats", "số nguyên"},
		{"no title", "POST", "/classes", strings.Replace(classBody("x", time.Hour), `"x"`, `{"vi":""}`, 1), 422, "body.title", "tên"},
		{"no time", "POST", "/classes", `{"title":"Lớp","venue":"B","seats":1,"starts":"mai","ends":"2026-13-01T08:00"}`, 422, "body.starts", "thời điểm"},
		{"two ways to say the time", "POST", "/classes", `{"title":"Lớp","venue":"B","seats":1,"starts":"2030-12-01T08:00","ends":"2030-12-01T09:00","sessions":[{"starts":"2030-12-01T08:00","ends":"2030-12-01T09:00"}]}`, 422, "body.sessions", "starts"},
		{"the second session is wrong", "POST", "/classes", `{"title":"Lớp","venue":"B","seats":1,"sessions":[{"starts":"2030-12-01T08:00","ends":"2030-12-01T09:00"},{"starts":"2030-12-02T08:00","ends":"2030-12-02T07:00"}]}`, 422, "body.sessions[1]", "kết thúc"},
		{"nothing to change", "PATCH", "/classes/" + id, `{}`, 422, "body", "đổi"},
		{"no such state", "PATCH", "/classes/" + id, `{"status":"full"}`, 422, "body.status", "một trong"},
		{"a list too long", "GET", "/classes?limit=201", ``, 422, "query.limit", "200"},
		{"a cursor of nothing", "GET", "/classes?cursor=%21", ``, 422, "query.cursor", "cursor"},
		{"a cursor of another list", "GET", "/classes?cursor=Nw", ``, 422, "query.cursor", "cursor"},
		{"a parameter nobody knows", "GET", "/classes?order=asc", ``, 422, "query.order", "tham số"},
		{"too early to mark", "POST", "/classes/" + id + "/attendance", `{"present":[]}`, 409, "", "hai giờ"},
		{"no such question", "POST", "/messages/7/reply", `{"text":"Dạ có."}`, 404, "", "mã"},
		{"a question is a number", "GET", "/messages/abc", ``, 422, "path.id", ""},
		{"no such path", "GET", "/plans", ``, 404, "", "đường dẫn"},
		{"too large", "POST", "/classes", `{"title":"` + strings.Repeat("x", 300<<10) + `"}`, 413, "", "lớn"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s.TB = t
			got := s.want(tt.status, desk.Officer, tt.method, tt.path, tt.body, "Accept-Language", "vi-VN,vi;q=0.9,en;q=0.5")
			var doc struct {
				Detail string
				Errors []struct{ Location, Message string }
			}
			got.into(t, &doc)
			if !strings.Contains(got.raw, tt.vi) {
				t.Errorf("in Vietnamese it says %s", got.raw)
			}
			if tt.at != "" && (len(doc.Errors) == 0 || doc.Errors[0].Location != tt.at) {
				t.Errorf("the place is in %s", got.raw)
			}
			english := s.call(desk.Officer, tt.method, tt.path, tt.body)
			if english.raw == got.raw {
				t.Errorf("in English it says the same: %s", english.raw)
			}
		})
	}
	s.TB = t
	got := s.want(405, desk.Admin, "PUT", "/classes", `{}`)
	if got.header.Get("Allow") != "GET, POST" {
		t.Errorf("allowed is %q", got.header.Get("Allow"))
	}
	s.want(415, desk.Admin, "POST", "/classes", `{}`, "Content-Type", "text/plain")
}

// TestListsPage reads lists page by page while more is added.
func TestListsPage(t *testing.T) {
	s := openAPI(t)
	var ids []string
	for n := range 7 {
		ids = append(ids, s.addClass(fmt.Sprint("Lớp ", n), time.Duration(n+1)*48*time.Hour))
	}
	var got []string
	path := "/classes?limit=3"
	for pages := 0; path != ""; pages++ {
		var list struct {
			Items      []struct{ ID string }
			NextCursor string `json:"next_cursor"`
		}
		answer := s.want(200, desk.Viewer, "GET", path, "")
		answer.into(t, &list)
		for _, c := range list.Items {
			got = append(got, c.ID)
		}
		if pages == 0 {
			s.addClass("Lớp đứng trước", 24*time.Hour) // before what was read: pages stay as they are
		}
		path = ""
		if list.NextCursor != "" {
			link := answer.header.Get("Link")
			path = strings.TrimPrefix(link[1:strings.IndexByte(link, '>')], "/api/v1")
			if !strings.Contains(path, "cursor="+list.NextCursor) || len(list.Items) != 3 {
				t.Errorf("a page of %d goes on at %s", len(list.Items), path)
			}
		}
	}
	if !slices.Equal(got, ids) {
		t.Errorf("read %v, want %v", got, ids)
	}
}

// TestAKeyActsOnce sends the same request again, at once, after a restart and
// after a day.
func TestAKeyActsOnce(t *testing.T) {
	s := openAPI(t)
	body := classBody("Một lần", 240*time.Hour)
	answers := make([]reply, 12)
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() { answers[i] = s.call(desk.Officer, "POST", "/classes", body, "Idempotency-Key", "k1") })
	}
	all.Wait()
	first := answers[0]
	for _, a := range answers {
		if a.status != 201 || a.raw != first.raw {
			t.Fatalf("answered %d %s and %s", a.status, a.raw, first.raw)
		}
	}
	s.stop()
	s.start()
	again := s.want(201, desk.Officer, "POST", "/classes", strings.ReplaceAll(body, `":`, `": `), "Idempotency-Key", "k1")
	if again.raw != first.raw || again.header.Get("Idempotent-Replayed") != "true" {
		t.Errorf("after a restart: %s, first %s", again.raw, first.raw)
	}
	s.want(422, desk.Officer, "POST", "/classes", classBody("Lớp khác", 240*time.Hour), "Idempotency-Key", "k1")
	if other := s.want(201, desk.Admin, "POST", "/classes", body, "Idempotency-Key", "k1"); other.raw == first.raw {
		t.Error("the key of another token gave this one's answer")
	}
	// What was refused was not done: the corrected request goes through.
	s.want(422, desk.Officer, "POST", "/classes", strings.Replace(body, `"seats":2`, `"seats":0`, 1), "Idempotency-Key", "k2")
	s.want(201, desk.Officer, "POST", "/classes", body, "Idempotency-Key", "k2")
	s.ahead.Store(int64(desk.AnswerLife - time.Minute))
	if late := s.want(201, desk.Officer, "POST", "/classes", body, "Idempotency-Key", "k1"); late.raw != first.raw {
		t.Error("within a day the first answer was not given again")
	}
	s.ahead.Store(int64(desk.AnswerLife + time.Hour))
	if late := s.want(201, desk.Officer, "POST", "/classes", body, "Idempotency-Key", "k1"); late.raw == first.raw {
		t.Error("after a day the key still gave the first answer")
	}
	if _, err := s.b.tidy(t.Context()); err != nil {
		t.Fatal(err)
	}
	kept := 0
	if err := s.b.store.Each(t.Context(), func(bucket string, _, _ []byte) {
		if bucket == "api_answers" {
			kept++
		}
	}); err != nil || kept != 1 {
		t.Errorf("%d answers are kept after tidying, %v", kept, err)
	}
}
