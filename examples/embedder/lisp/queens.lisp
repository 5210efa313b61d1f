; How many ways are there to put n queens on an n × n board so that none attacks another?
; A good test for a collector: every attempt is a fresh list, and almost all die at once.

(define or (lambda (a b) (if a a b)))

; Does a queen in this row, `distance` columns away from the first of `placed`, attack one of them?
(define attacks
  (lambda (row distance placed)
    (if (null? placed)
        '()
        (if (or (= row (car placed))
                (or (= row (+ (car placed) distance))
                    (= row (- (car placed) distance))))
            1
            (attacks row (+ distance 1) (cdr placed))))))

; Ways to complete a board of n columns when `placed` holds the rows taken so far, trying
; rows from `row` on.
(define ways
  (lambda (n left placed row)
    (if (= left 0)
        1
        (if (< n row)
            0
            (+ (if (attacks row 1 placed)
                   0
                   (ways n (- left 1) (cons row placed) 1))
               (ways n left placed (+ row 1)))))))

(define queens (lambda (n) (ways n n '() 1)))

; A list of results, built at its end with set!, so old pairs come to refer to young ones.
(define results '())
(define count-up
  (lambda (n limit)
    (begin
      (set! results (cons (queens n) results))
      (if (< n limit) (count-up (+ n 1) limit) 'done))))

(count-up 1 6)
results
