package main

import (
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// ask calls the API of a running server.
func (s *served) ask(token, method, path, body, key string) (int, string) {
	s.t.Helper()
	r, err := http.NewRequest(method, "http://"+s.addr+"/api/v1"+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/json")
	if key != "" {
		r.Header.Set("Idempotency-Key", key)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return resp.StatusCode, string(raw)
}

// TestTokensFromTheShell makes tokens beside a running server and without one,
// uses them, and kills the server between a request and the same one again.
func TestTokensFromTheShell(t *testing.T) {
	data := t.TempDir()
	before := must(t, "", "--data", data, "token", "create", "--name", "before", "--role", "viewer")
	s := serve(t, data)
	out := must(t, "", "--data", data, "token", "create", "--name", "ERP", "--role", "officer")
	if !regexp.MustCompile(`^sh_[a-z2-7]{32}\n$`).MatchString(out) {
		t.Fatalf("printed was %q", out)
	}
	token := strings.TrimSpace(out)
	if status, body := s.ask(strings.TrimSpace(before), "GET", "/classes", "", ""); status != 200 {
		t.Errorf("the token made before: %d %s", status, body)
	}
	class := `{"title":"Lớp","starts":"2030-12-10T08:00","ends":"2030-12-10T16:30","venue":"B","seats":3}`
	status, first := s.ask(token, "POST", "/classes", class, "k")
	if status != 201 {
		t.Fatalf("%d %s", status, first)
	}
	s.kill()
	s.start()
	if status, again := s.ask(token, "POST", "/classes", class, "k"); status != 201 || again != first {
		t.Errorf("after a kill: %d %s, first %s", status, again, first)
	}
	if list := must(t, "", "--data", data, "class", "list"); strings.Count(list, "Lớp") != 1 {
		t.Errorf("the classes are\n%s", list)
	}
	if list := must(t, "", "--data", data, "token", "list"); !strings.Contains(list, "ERP") || strings.Contains(list, token) {
		t.Errorf("the tokens are\n%s", list)
	}
	must(t, "", "--data", data, "token", "revoke", "ERP")
	if status, _ := s.ask(token, "GET", "/classes", "", ""); status != 401 {
		t.Errorf("a revoked token: %d", status)
	}
	for _, wrong := range [][]string{{"token", "create", "--name", "before", "--role", "admin"}, {"token", "revoke", "nobody"}} {
		if _, errs, code := output(t, "", append([]string{"--data", data}, wrong...)...); code != 1 || errs == "" {
			t.Errorf("%v: exit %d, %s", wrong, code, errs)
		}
	}
	if _, _, code := output(t, "", "--data", data, "token", "create", "--name", "x", "--role", "king"); code != 2 {
		t.Errorf("an unknown role: exit %d", code)
	}
	if strings.Contains(s.log.String(), token[3:]) {
		t.Error("the token is in the log")
	}
}
