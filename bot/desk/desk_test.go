package desk

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestReply(t *testing.T) {
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	open := Question{ID: 1, Text: "Lớp có thu phí không?"}
	tests := []struct {
		name string
		q    Question
		text string
		want error
	}{
		{"an answer is taken", open, " Dạ không ạ. ", nil},
		{"nothing is no answer", open, " \n", ErrEmpty},
		{"too much does not fit a message", open, strings.Repeat("ă", 2001), ErrTooLong},
		{"once is enough", Question{Answered: now}, "lại", ErrAnswered},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := tt.q.Reply(tt.text, now)
			if !errors.Is(err, tt.want) {
				t.Fatalf("error %v, want %v", err, tt.want)
			}
			if err == nil && (got.Answer != "Dạ không ạ." || got.Open()) {
				t.Errorf("the question is %+v", got)
			}
		})
	}
}
