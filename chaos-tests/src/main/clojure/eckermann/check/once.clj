(ns eckermann.check.once
  "Appends with an idempotency key: all answers to one key name one position, the event is there once if anybody was told so,
  and never twice.")

(defn check
  "Calls of :once (value: [key], result: [key position]); `final` are the topic's events, [position key]."
  [calls final]
  (let [ok (filter #(= :ok (:type %)) calls)
        answers (reduce (fn [m {[k p] :result}] (update m k (fnil conj #{}) p)) {} ok)
        torn (filter #(< 1 (count (val %))) answers)
        places (reduce (fn [m [p k]] (update m k (fnil conj []) p)) {} final)
        twice (filter #(< 1 (count (val %))) places)
        lost (remove (fn [[k ps]] (= ps (set (places k)))) answers)]
    {:valid? (and (empty? torn) (empty? twice) (empty? lost))
     :keys (count answers) :answers (count ok) :retries (- (count calls) (count (distinct (map (comp first :value) calls))))
     :two-positions (vec (take 8 torn)) :applied-twice (vec (take 8 twice)) :lost (vec (take 8 lost))}))
