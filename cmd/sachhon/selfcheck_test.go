package main

import (
	"fmt"
	"strings"
	"testing"
)

// TestSelfCheckAndRequestFromTheShell takes a self-check in the terminal, asks
// for an expert, and has the staff see and answer it.
func TestSelfCheckAndRequestFromTheShell(t *testing.T) {
	data := t.TempDir()
	talk := openTalk(t, data, "an")
	say := func(text, want string) string {
		t.Helper()
		out := talk.say(fmt.Sprintf(`{"text":%q}`, text))
		if !strings.Contains(out, want) {
			t.Fatalf("%q was answered with %s, want %q", text, out, want)
		}
		return out
	}
	say("/start check_khac", "không phải thanh tra")
	say("đồng ý", "(1/18)")
	for i := 2; i <= 18; i++ {
		say("chưa có", fmt.Sprintf("(%d/18)", i))
	}
	say("chưa có", "Hết câu hỏi")
	out := say("xem kết quả", "Nên bắt đầu")
	if !strings.Contains(out, `"kind":"image","name":"ket-qua-tu-danh-gia.png","mime":"image/png","bytes":`) || strings.Contains(out, `"bytes":0`) {
		t.Errorf("the result has no picture: %s", out)
	}
	if out := say("tải pdf", "PDF"); !strings.Contains(out, `"mime":"application/pdf","bytes":`) || strings.Contains(out, `"bytes":0`) {
		t.Errorf("there is no document: %s", out)
	}
	say("mời chuyên gia", "2–3 ngày")
	for _, step := range [][2]string{{"đồng ý", "tuần"}, {"linh hoạt", "ọ và tên"}, {"Nguyễn Thị Hòa", "điện thoại"}, {"0912345678", "oanh nghiệp"},
		{"Công ty Gỗ Minh Phát", "ã số thuế"}, {"3700145020", "xem việc gì"}, {"Hóa đơn lò sấy tăng", "Xác nhận"}, {"xác nhận", "lời mời số 1"}} {
		say(step[0], step[1])
	}
	talk.end()
	if out := must(t, "", "request", "--data", data); !strings.Contains(out, "received") || !strings.Contains(out, "Công ty Gỗ Minh Phát · 3700145020") || !strings.Contains(out, "Hóa đơn lò sấy tăng") {
		t.Errorf("the requests are:\n%s", out)
	}
	if out := must(t, "", "request", "set", "1", "scheduled", "--data", data); !strings.Contains(out, "1  scheduled") {
		t.Errorf("set says: %s", out)
	}
	for _, wrong := range [][]string{{"request", "set", "1", "contacted"}, {"request", "set", "1", "declined"}, {"request", "set", "7", "closed"}} {
		if out, err := command(t, append(wrong, "--data", data)...).CombinedOutput(); err == nil || strings.Count(strings.TrimSpace(string(out)), "\n") > 0 {
			t.Errorf("%v was answered with %v: %s", wrong, err, out)
		}
	}
	must(t, "", "request", "set", "1", "declined", "--reason", "nhà máy chuyển đi", "--data", data)
	if out := must(t, "", "request", "list", "--data", data); strings.TrimSpace(out) != "" {
		t.Errorf("still open:\n%s", out)
	}
	checks := must(t, "", "export", "assessments", "--format", "json", "--data", data)
	for _, want := range []string{`"sector": "other"`, `"band": "start"`, `"actions": "g14 g16 g1 g4 g8"`, `g1=0 g2=0`, `"answered": 100`} {
		if !strings.Contains(checks, want) && !strings.Contains(strings.ReplaceAll(checks, `": `, `":`), strings.ReplaceAll(want, `": `, `":`)) {
			t.Errorf("the self-checks lack %s:\n%s", want, checks)
		}
	}
	if out := must(t, "", "export", "requests", "--format", "csv", "--data", data); !strings.Contains(out, "declined") || !strings.Contains(out, "3700145020") {
		t.Errorf("the requests as csv:\n%s", out)
	}
	if out := must(t, "", "check", "--store", "--data", data); !strings.Contains(out, "in order") {
		t.Errorf("the check says: %s", out)
	}
}
