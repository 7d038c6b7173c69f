package telegramtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// quoted is an error in the words of Telegram, which follow their own rules of
// spelling.
type quoted string

// Error returns the words.
func (q quoted) Error() string { return string(q) }

// says makes an error in the words of Telegram.
func says(format string, args ...any) error { return quoted(fmt.Sprintf(format, args...)) }

// apiError is a refusal.
type apiError struct {
	code       int
	text       string // the whole description
	retryAfter int    // seconds; 0: none
	migrateTo  int64  // 0: none
	rude       string // what is held against the bot besides; empty: nothing
}

// refused makes a refusal out of a code and the words of the server; the
// description gets its prefix by the rule of the real one.
func refused(code int, words string) *apiError {
	return &apiError{code: code, text: describe(code, words)}
}

// asIs makes a refusal whose description is complete.
func asIs(code int, description string) *apiError {
	return &apiError{code: code, text: description}
}

// rudely adds what no well-behaved bot does.
func (e *apiError) rudely(what string) *apiError {
	e.rude = what
	return e
}

func tooMany(seconds int) *apiError {
	return &apiError{code: 429, text: "Too Many Requests: retry after " + strconv.Itoa(seconds), retryAfter: seconds}
}

// describe puts the prefix of a code before the words, whose first letter
// becomes small unless they are one of Telegram's RAW_CODES (telegram-bot-api,
// Client.cpp, fail_query_with_error).
func describe(code int, words string) string {
	prefix := map[int]string{400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 500: "Internal Server Error", 501: "Not Implemented"}[code]
	if prefix == "" || strings.HasPrefix(words, prefix) {
		return words
	}
	if len(words) >= 2 && words[1] != '_' && (words[1] < 'A' || words[1] > 'Z') {
		words = strings.ToLower(words[:1]) + words[1:]
	}
	return prefix + ": " + words
}

// envelope is the body of every answer.
type envelope struct {
	OK          bool        `json:"ok"`
	Result      any         `json:"result,omitempty"`
	ErrorCode   int         `json:"error_code,omitempty"`
	Description string      `json:"description,omitempty"`
	Parameters  *parameters `json:"parameters,omitempty"`
}

type parameters struct {
	RetryAfter int   `json:"retry_after,omitempty"`
	MigrateTo  int64 `json:"migrate_to_chat_id,omitempty"`
}

// described is a result with a description beside it.
type described struct {
	result any
	text   string
}

func writeResult(w http.ResponseWriter, result any) {
	e := envelope{OK: true, Result: result}
	if d, ok := result.(described); ok {
		e.Result, e.Description = d.result, d.text
	}
	writeJSON(w, http.StatusOK, e)
}

func writeError(w http.ResponseWriter, e *apiError) {
	out := envelope{ErrorCode: e.code, Description: e.text}
	if e.retryAfter > 0 || e.migrateTo != 0 {
		out.Parameters = &parameters{RetryAfter: e.retryAfter, MigrateTo: e.migrateTo}
	}
	if e.retryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(e.retryAfter))
	}
	writeJSON(w, e.code, out)
}

func writeJSON(w http.ResponseWriter, code int, body any) {
	raw, err := json.Marshal(body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	// The bot has hung up when this fails, and nothing else is owed to it.
	_, _ = w.Write(raw)
}
