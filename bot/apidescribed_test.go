package bot

import (
	"encoding/json"
	"flag"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"sachhon/bot/desk"
)

var writeAPI = flag.Bool("write-api", false, "write testdata/api.txt anew")

// operation is a route as the API describes it.
type operation struct{ method, path string }

// described reads the routes from the API's own description.
func (s *apiServer) described() (all []operation) {
	s.Helper()
	var doc struct {
		Paths map[string]map[string]json.RawMessage
	}
	s.want(200, "", "GET", "/openapi.json", "").into(s, &doc)
	for path, methods := range doc.Paths {
		for method := range methods {
			all = append(all, operation{strings.ToUpper(method), path})
		}
	}
	slices.SortFunc(all, func(a, b operation) int { return strings.Compare(a.path+a.method, b.path+b.method) })
	return all
}

// TestTheAPIIsTheOnePromised holds paths and methods against a list that is
// changed on purpose only, and the description against OpenAPI 3.1: every
// reference leads somewhere, every parameter of a path is described, every
// route has an answer, a problem and asks for a token.
func TestTheAPIIsTheOnePromised(t *testing.T) {
	s := openAPI(t)
	var lines []string
	for _, op := range s.described() {
		lines = append(lines, op.method+" "+op.path)
	}
	got := strings.Join(lines, "\n") + "\n"
	if *writeAPI {
		if err := os.WriteFile("testdata/api.txt", []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/api.txt")
	if err != nil || string(want) != got {
		t.Errorf("the API is\n%swant\n%s%v", got, want, err)
	}

	var doc struct {
		OpenAPI    string
		Components struct {
			Schemas         map[string]any
			SecuritySchemes map[string]any
		}
		Paths map[string]map[string]struct {
			OperationID string
			Parameters  []struct{ Name, In string }
			Security    []map[string][]string
			Responses   map[string]any
		}
	}
	answer := s.want(200, "", "GET", "/openapi.json", "")
	answer.into(t, &doc)
	if !strings.HasPrefix(doc.OpenAPI, "3.1") || doc.Components.SecuritySchemes["token"] == nil {
		t.Errorf("described by %q with %v", doc.OpenAPI, doc.Components.SecuritySchemes)
	}
	names := map[string]bool{}
	for path, methods := range doc.Paths {
		for method, op := range methods {
			if op.OperationID == "" || names[op.OperationID] || len(op.Security) == 0 || op.Responses["401"] == nil {
				t.Errorf("%s %s is described as %+v", method, path, op)
			}
			names[op.OperationID] = true
			for part := range strings.SplitSeq(path, "/") {
				name := strings.Trim(part, "{}")
				if name != part && !slices.ContainsFunc(op.Parameters, func(p struct{ Name, In string }) bool { return p.Name == name && p.In == "path" }) {
					t.Errorf("%s %s does not describe %s", method, path, name)
				}
			}
		}
	}
	for ref := range strings.SplitSeq(answer.raw, `"$ref":"#/components/schemas/`) {
		if name, _, ok := strings.Cut(ref, `"`); ok && !strings.HasPrefix(ref, "{") && doc.Components.Schemas[name] == nil {
			t.Errorf("there is no schema %q", name)
		}
	}
}

// FuzzBodies sends anything to every route that takes a body: it is refused
// with a problem or taken, and never fails.
func FuzzBodies(f *testing.F) {
	s := openAPI(f)
	class := s.addClass("Lớp", 1)
	for _, body := range []string{`{}`, `[]`, `null`, `"x"`, `{"present":["A"],"session":-1}`, `{"title":{"vi":1}}`, `{"title":null,"venue":null,"seats":1e99}`,
		`{"text":"\u0000"}`, `{"sessions":[null]}`, classBody("Lớp", 1), `{"title":"a","kind":"service","text":"b","segment":{}}`, "\xff"} {
		f.Add(body)
	}
	paths := []operation{{"POST", "/classes"}, {"PATCH", "/classes/" + class}, {"POST", "/classes/" + class + "/attendance"}, {"POST", "/messages/1/reply"}, {"POST", "/broadcasts"}}
	f.Fuzz(func(t *testing.T, body string) {
		s.ahead.Add(int64(time.Second)) // so that the token's limit is not reached
		for _, op := range paths {
			r, err := http.NewRequest(op.method, "http://"+s.b.Addr()+"/api/v1"+op.path, strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Authorization", "Bearer "+s.tokens[desk.Officer])
			r.Header.Set("Content-Type", "application/json")
			resp, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			if resp.StatusCode >= 500 || resp.StatusCode == 429 || resp.StatusCode >= 400 && resp.Header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("%s %s with %q: %d %s", op.method, op.path, body, resp.StatusCode, resp.Header.Get("Content-Type"))
			}
		}
	})
}
