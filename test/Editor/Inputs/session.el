;; A session in Emacs: opens FILE, reads what the server says of it, applies the
;; one quick fix, and waits until nothing is left. What it saw is printed as
;; lines of JSON. The user's settings have been read before.
(require 'json)
(require 'flymake)
(defvar race-limit (string-to-number (getenv "LIMIT")))
(defun race-say (what)
  (princ (concat (json-encode what) "\n")))
(defun race-leave (problem)
  (race-say `((problem . ,problem)))
  (kill-emacs 1))
(defun race-wait (wanted problem)
  "Lets the server speak until WANTED, a function, says so."
  (let ((end (+ (float-time) race-limit)))
    (while (not (funcall wanted))
      (when (> (float-time) end)
        (race-leave problem))
      (accept-process-output nil 0.05))))

(find-file (getenv "FILE"))
;; In a batch no command ends, after which eglot would connect.
(run-hooks 'post-command-hook)
(race-wait #'eglot-current-server "no connection")
(flymake-start)
(race-wait #'flymake-diagnostics "no diagnostics in time")
(let ((found (flymake-diagnostics)))
  (save-excursion
    (dolist (d found)
      (let ((begin (flymake-diagnostic-beg d)) (end (flymake-diagnostic-end d)))
        (race-say `((line . ,(1- (line-number-at-pos begin)))
                    (column . ,(progn (goto-char begin) (current-column)))
                    (last_line . ,(1- (line-number-at-pos end)))
                    (last_column . ,(progn (goto-char end) (current-column)))
                    (message . ,(flymake-diagnostic-text d)))))))
  (let ((fixable (seq-find (lambda (d) (string-match-p "race-check-then-act"
                                                       (flymake-diagnostic-text d)))
                           found)))
    (goto-char (flymake-diagnostic-beg fixable))
    ;; The fix is offered for the warning and for its notes; a user would be
    ;; asked which of them to take.
    (eglot--read-execute-code-action
     (list (car (eglot-code-actions (flymake-diagnostic-beg fixable)
                                    (flymake-diagnostic-end fixable) "quickfix")))
     (eglot-current-server) "quickfix")))
;; What eglot does when the user has been idle for a moment.
(eglot--signal-textDocument/didChange)
(flymake-start)
(race-wait (lambda () (null (flymake-diagnostics))) "still there after the fix")
(race-say `((text . ,(buffer-substring-no-properties (point-min) (point-max)))))
(set-buffer-modified-p nil)
(kill-emacs 0)
