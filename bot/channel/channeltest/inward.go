package channeltest

import (
	"context"
	"fmt"

	"golang.org/x/text/unicode/norm"

	"sachhon/bot/channel"
	"sachhon/dialogs"
)

func typed(s *stage) {
	s.mustSay(ann, "u1", "nguyễn thị hòa <&> 👩‍🏭 0912 345 678")
	in := s.await(ann, 1)
	s.wantIncoming(in, dialogs.InputText, "nguyễn thị hòa <&> 👩‍🏭 0912 345 678")

	apart := norm.NFD.String("Đường Thủ Dầu Một")
	s.mustSay(ann, "u2", apart)
	if got := s.await(ann, 2).Input.Text; norm.NFC.String(got) != norm.NFC.String(apart) {
		s.Errorf("%q was received as %q", apart, got)
	}
	s.mustSay(ann, "u3", "/start class_7f3k")
	s.wantIncoming(s.await(ann, 3), dialogs.InputText, "/start class_7f3k")
}

func (s *stage) wantIncoming(in channel.Incoming, kind dialogs.InputKind, text string) {
	s.Helper()
	if in.Input.Kind != kind || in.Input.Text != text || in.Address != s.rig.Address(ann) {
		s.Errorf("received kind %d, text %q from %s; want kind %d, text %q from %s", in.Input.Kind, in.Input.Text, in.Address, kind, text, s.rig.Address(ann))
	}
	if in.ID == "" {
		s.Error("the update has no ID: a second delivery would act again")
	}
}

func pressed(s *stage) {
	if s.caps.Buttons == 0 || s.rig.Press == nil {
		return
	}
	s.meet(ann)
	for i, id := range []string{"4f.sx_go.c12", "/dangky", "zz9.thiet_bi_do_dem_nang_luong.~unknown"} {
		s.mustSend(ann, dialogs.Message{Text: "Chọn", Buttons: [][]dialogs.Button{{{ID: id, Label: "Đăng ký"}}}})
		ctx, cancel := context.WithTimeout(context.Background(), s.patience)
		err := s.rig.Press(ctx, ann, fmt.Sprint("p", i), id)
		cancel()
		if err != nil {
			s.Fatalf("press %s: %v", id, err)
		}
		in := s.await(ann, 2+i)
		if in.Input.Kind != dialogs.InputPress || in.Input.Button != id || in.ID == "" {
			s.Errorf("the press of %q was received as %+v", id, in)
		}
	}
}

func sameUpdate(s *stage) {
	s.mustSay(ann, "u1", "một")
	s.await(ann, 1)
	s.mustSay(ann, "u1", "một") // the network delivers it again
	s.mustSay(ann, "u2", "một")
	ctx, cancel := context.WithTimeout(context.Background(), s.patience)
	defer cancel()
	// Whether the channel passes the second delivery on is its own affair; that
	// the other update came says that it had its chance.
	distinct := func() map[string]bool {
		ids := map[string]bool{}
		for _, in := range s.post.got[s.rig.Address(ann)] {
			ids[in.ID] = true
		}
		return ids
	}
	s.post.wait(ctx, func() bool { return len(distinct()) >= 2 })
	s.mustSay(binh, "u3", "hết")
	s.await(binh, 1)
	s.post.mu.Lock()
	defer s.post.mu.Unlock()
	if ids := distinct(); len(ids) != 2 {
		s.Errorf("two updates, one of them delivered twice, have the IDs %v", ids)
	}
}

func notKept(s *stage) {
	s.meet(ann)
	s.post.refuseNext(1)
	ctx, cancel := context.WithTimeout(context.Background(), s.patience)
	defer cancel()
	if err := s.rig.Say(ctx, ann, "u1", "đừng mất"); err != nil {
		s.clean("what the person was told", err.Error())
		return // told, and can say it again
	}
	if !s.post.wait(ctx, func() bool { return s.post.refused > 0 }) {
		s.Fatal("the update never reached the receiver")
	}
	s.awaitText(ann, "đừng mất")
	if a := s.post.addresses(); len(a) != 1 {
		s.Errorf("updates came from %v, want one address", a)
	}
}

func pollsAgain(s *stage) {
	if s.polled == nil {
		return
	}
	s.meet(ann)
	s.endPolling()
	s.mustSay(ann, "u1", "trong lúc nghỉ")
	s.poll()
	s.awaitText(ann, "trong lúc nghỉ")
}
