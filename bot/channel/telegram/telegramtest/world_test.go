package telegramtest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

const token = "4839574812:AAFD39kkdpWt3ywyRZergyOLMaJhac60qcK"

// bot asks a server as a bot does, over an http.Client.
type bot struct {
	t      *testing.T
	client *http.Client
	base   string
}

// got is the body of an answer.
type got struct {
	Status      int         `json:"-"`
	Header      http.Header `json:"-"`
	OK          bool
	Result      json.RawMessage
	ErrorCode   int `json:"error_code"`
	Description string
	Parameters  struct {
		RetryAfter int   `json:"retry_after"`
		MigrateTo  int64 `json:"migrate_to_chat_id"`
	}
}

func newServer(t *testing.T, opts Options) (*Server, *bot) {
	t.Helper()
	opts.Token = token
	s := New(opts)
	t.Cleanup(s.Close)
	return s, &bot{t, s.Client(), "http://telegram.test/bot" + token + "/"}
}

// ask calls a method with parameters in pairs.
func (b *bot) ask(method string, pairs ...any) got {
	b.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		value, isText := pairs[i+1].(string)
		if !isText {
			raw, err := json.Marshal(pairs[i+1])
			if err != nil {
				b.t.Fatal(err)
			}
			value = string(raw)
		}
		form.Set(fmt.Sprint(pairs[i]), value)
	}
	g, err := b.post(b.t.Context(), method, "application/x-www-form-urlencoded", form.Encode())
	if err != nil {
		b.t.Fatalf("%s: %v", method, err)
	}
	return g
}

func (b *bot) post(ctx context.Context, method, contentType, body string) (got, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, b.base+method, strings.NewReader(body))
	if err != nil {
		return got{}, err
	}
	r.Header.Set("Content-Type", contentType)
	return b.do(r)
}

func (b *bot) do(r *http.Request) (got, error) {
	response, err := b.client.Do(r)
	if err != nil {
		return got{}, err
	}
	defer response.Body.Close()
	g := got{Status: response.StatusCode, Header: response.Header}
	if err := json.NewDecoder(response.Body).Decode(&g); err != nil {
		return g, err
	}
	if g.ErrorCode != 0 && g.ErrorCode != g.Status {
		b.t.Errorf("HTTP status %d, error_code %d", g.Status, g.ErrorCode)
	}
	return g, nil
}

// must calls a method that must succeed and reads its result.
func must[T any](b *bot, method string, pairs ...any) T {
	b.t.Helper()
	g := b.ask(method, pairs...)
	if !g.OK {
		b.t.Fatalf("%s: %d %s", method, g.ErrorCode, g.Description)
	}
	var out T
	if err := json.Unmarshal(g.Result, &out); err != nil {
		b.t.Fatalf("%s: read %s: %v", method, g.Result, err)
	}
	return out
}

// refused calls a method that must be refused with a description.
func (b *bot) refused(description, method string, pairs ...any) got {
	b.t.Helper()
	g := b.ask(method, pairs...)
	if g.OK || g.Description != description {
		b.t.Errorf("%s: %v %q, want %q", method, g.OK, g.Description, description)
	}
	return g
}

// arrived is an update as a bot reads it.
type arrived struct {
	ID       int            `json:"update_id"`
	Message  *message       `json:"message"`
	Callback *callbackQuery `json:"callback_query"`
	Standing *memberChange  `json:"my_chat_member"`
}

func (b *bot) updates(pairs ...any) []arrived {
	b.t.Helper()
	return must[[]arrived](b, "getUpdates", pairs...)
}

func ids(all []arrived) []int {
	var out []int
	for _, u := range all {
		out = append(out, u.ID)
	}
	return out
}

func same[T comparable](t *testing.T, what string, have, want []T) {
	t.Helper()
	if !slices.Equal(have, want) {
		t.Errorf("%s: %v, want %v", what, have, want)
	}
}

// well fails when the bot did what no well-behaved bot does.
func well(t *testing.T, s *Server) {
	t.Helper()
	if v := s.Violations(); len(v) > 0 {
		t.Errorf("violations: %q", v)
	}
}

// blamed checks the violations and forgets them.
func blamed(t *testing.T, s *Server, parts ...string) {
	t.Helper()
	v := s.Violations()
	s.ForgetViolations()
	if len(v) != len(parts) {
		t.Errorf("violations %q, want ones about %q", v, parts)
		return
	}
	for i, part := range parts {
		if !strings.Contains(v[i], part) {
			t.Errorf("violation %q, want one about %q", v[i], part)
		}
	}
}
