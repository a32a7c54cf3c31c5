(ns eckermann.check.gates-test
  "The planted bugs as histories: each is convicted by the checker that is named for it, and the same history without the bug
  is not."
  (:require [clojure.test :refer [deftest is testing]]
            [eckermann.check.core :as core]
            [eckermann.check.cursor :as cursor]
            [eckermann.check.evidence :as evidence]
            [eckermann.check.linear :as linear]
            [eckermann.check.liveness :as liveness]
            [eckermann.check.log :as log]
            [eckermann.check.models :as models]
            [eckermann.check.once :as once]
            [eckermann.check.queue :as queue]
            [eckermann.check.histories :refer [call]]
            [eckermann.check.timeindex :as timeindex]
            [eckermann.check.wgl :as wgl]))

(defn- send-of [numbers first-position start end & {:keys [type process] :or {type :ok process 0}}]
  {:topic "log-1" :numbers numbers :type type :process process :start start :end end
   :events (when (= :ok type) (mapv vector (iterate inc first-position) numbers))})

(defn- poll-of [from events start end & {:keys [kind] :or {kind :poll}}]
  {:topic "log-1" :from from :events events :process 9 :kind kind :type :ok :start start :end end})

(def ^:private sends [(send-of [11] 1 0 1) (send-of [12 13] 2 2 3) (send-of [14] 4 4 5)])
(def ^:private held {"log-1" [[1 11] [2 12] [3 13] [4 14]]})
(def ^:private polls [(poll-of 1 [[1 11] [2 12]] 6 7) (poll-of 3 [[3 13] [4 14]] 8 9)])

(defn- anomalies [sends polls held] (set (keys (:anomalies (log/check sends polls held {:page 2})))))

(deftest what-is-well-is-not-convicted
  (is (= #{} (anomalies sends polls held))))

(deftest stale-read-is-convicted-by-linearizability
  (let [calls [(call :write 1 0 1) (call :write 2 2 3) (call :read nil 4 5 :result 1)]]
    (is (false? (:valid? (linear/check (models/cas-register 0) calls))))
    (is (false? (:valid? (wgl/check (models/cas-register 0) calls)))))
  (testing "and of a log by the poll that ends too early"
    (is (contains? (anomalies sends [(poll-of 4 [] 6 7)] held) :stale-poll))))

(deftest ack-before-commit-is-convicted-as-a-lost-write
  (is (contains? (anomalies (conj sends (send-of [15] 5 6 7)) polls held) :lost-write)))

(deftest ack-before-fsync-is-convicted-as-a-lost-write-with-another-in-its-place
  (is (= #{:lost-write :inconsistent-offsets :never-sent}
         (anomalies sends [] {"log-1" [[1 11] [2 12] [3 13] [4 99]]}))))

(deftest drop-one-is-convicted-as-a-lost-write
  (is (contains? (anomalies sends [] {"log-1" [[1 11] [2 12] [3 14]]}) :lost-write)))

(deftest duplicate-on-retry-is-convicted-as-a-duplicate
  (is (contains? (anomalies sends [] {"log-1" [[1 11] [2 12] [3 13] [4 14] [5 11]]}) :duplicate))
  (let [twice [(call :once [7] 0 1 :result [7 1]) (call :once [7] 2 3 :result [7 2])]]
    (is (seq (:two-positions (once/check twice [[1 7]]))))
    (is (seq (:applied-twice (once/check twice [[1 7] [2 7]]))))))

(deftest reordered-page-is-convicted-within-one-answer
  (is (contains? (anomalies sends [(poll-of 1 [[2 12] [1 11]] 6 7)] held) :int-nonmonotonic-poll))
  (is (contains? (anomalies sends [(poll-of 1 [[1 11] [3 13]] 6 7)] held) :int-poll-skip))
  (is (contains? (anomalies sends [(poll-of 2 [[3 13]] 6 7)] held) :poll-skip))
  (is (contains? (anomalies sends [(poll-of 3 [[2 12] [3 13]] 6 7)] held) :nonmonotonic-poll)))

(deftest a-batch-that-is-torn-apart-is-convicted
  (is (contains? (anomalies [(send-of [11 12] 1 0 1)] [] {"log-1" [[1 11] [2 13] [3 12]]}) :int-send-skip))
  (is (contains? (anomalies [(send-of [11 12] 1 0 nil :type :info)] [] {"log-1" [[1 11]]}) :int-send-skip)))

(deftest cursor-that-skips-or-goes-back-is-convicted
  (let [good [(call :cursor-commit [0 5] 0 1 :result [0 5]) (call :cursor-read nil 2 3 :result 5)]]
    (is (:valid? (cursor/check good)))
    (is (seq (:moved-back (cursor/check (conj good (call :cursor-read nil 4 5 :result 3))))))
    (is (seq (:expected-twice (cursor/check (conj good (call :cursor-commit [0 6] 4 5 :result [0 6]))))))))

(deftest group-that-forgets-or-repeats-is-convicted
  (let [lease (fn [start token events] (call :lease nil start (inc start) :result {:member "m" :token token :events events}))
        ack (fn [start token positions] (call :ack {:token token :positions positions} start (inc start) :result {:token token :positions positions :lost []}))
        parked (call :parked {} 90 91 :result [])
        good [(lease 0 1 [[1 11 1]]) (ack 2 1 [1]) parked]]
    (is (:valid? (queue/check good [[1 11]])))
    (is (= [2] (:never-settled (queue/check good [[1 11] [2 12]]))))
    (is (seq (:leased-after-ack (queue/check (conj good (lease 4 2 [[1 11 2]])) [[1 11]]))))
    (is (= [1] (:acknowledged-twice (queue/check (conj good (ack 6 2 [1])) [[1 11]]))))
    (is (seq (:not-enqueued (queue/check [(lease 0 1 [[1 99 1]])] [[1 11]]))))))

(deftest index-that-is-off-by-one-is-convicted
  (let [held {"log-1" [[1 11 100] [2 12 200] [3 13 300]]}]
    (is (:valid? (timeindex/check [{:topic "log-1" :time 150 :position 2} {:topic "log-1" :time 200 :position 2}] held)))
    (is (seq (:wrong (timeindex/check [{:topic "log-1" :time 200 :position 3}] held))))
    (is (seq (:times-fall (timeindex/check [] {"log-1" [[1 11 100] [2 12 100]]}))))))

(deftest forgotten-vote-is-convicted
  (let [cut (fn [regressed] {:number 1 :id "N7" :proven true :evidence {:regressed regressed}})]
    (is (:valid? (evidence/meta-cuts [(cut false)] [])))
    (is (not (:valid? (evidence/meta-cuts [(cut true)] [])))))
  (let [valid (fn [moment found & {:keys [proven] :or {proven true}}]
                (:valid? (evidence/meta-cuts [] [{:moment moment :kept "3 n1" :writing "4 n2" :found found :proven proven}])))]
    (doseq [moment [:in-write :before-fsync :after-fsync :before-rename]]
      (is (true? (valid moment "3 n1")))
      (is (false? (valid moment "4 n2"))))
    (is (true? (valid :after-rename "3 n1")))
    (is (true? (valid :after-rename "4 n2")))
    (doseq [moment [:durable :acknowledged]]
      (is (true? (valid moment "4 n2")))
      (is (false? (valid moment "3 n1")))
      (is (false? (valid moment "4 "))))
    (is (false? (valid :after-rename "nothing that Ratis reads")))
    (testing "a cut that did not happen shows nothing"
      (is (= :unknown (valid :durable "4 n2" :proven false)))))
  (let [seen (fn [time term] {:process :nemesis :f :observe :time time :value {:n1 {:term term}}})]
    (is (:valid? (evidence/terms [(seen 0 3) (seen 1 4)])))
    (is (not (:valid? (evidence/terms [(seen 0 3) (seen 1 2)]))))))

(deftest refused-append-that-is-visible-is-convicted
  (is (contains? (anomalies (conj sends (send-of [14] nil 4 5 :type :fail)) polls held) :aborted-read)))

(deftest flipped-bit-that-is-served-is-convicted
  (is (contains? (anomalies sends [(poll-of 1 [[1 11] [2 12 ]] 6 7) (poll-of 3 [[3 77] [4 14]] 8 9)] held) :inconsistent-offsets))
  (let [finals {"n1" {"log-1" [[1 11 100]]} "n2" {"log-1" [[1 12 100]]}}]
    (is (false? (:valid? (core/replicas finals [{:f :final-head :value ["log-1" 1]}] 2))))))

(deftest silence-while-all-is-well-is-convicted
  (let [ack (fn [t] {:f :send :type :ok :complete t :invoke (dec t)})
        fault {:number 1 :name "kill" :begin 20 :healed 30 :recovered 40}]
    (is (:valid? (liveness/check [fault] (map ack [1 9 19 38 45 50]) 50 15)))
    (is (seq (:silent-while-well (liveness/check [fault] (map ack [1 9 19 38 80]) 80 15))))))

(deftest faults-without-evidence-make-a-run-unknown-and-nodes-that-stay-away-invalid
  (let [fault {:number 1 :id "N3" :name "kill" :proven true :evidence {:all-ready-again true}}]
    (is (true? (:valid? (evidence/check [fault] ["kill-leader"]))))
    (is (= :unknown (:valid? (evidence/check [fault (assoc fault :proven false)] []))))
    (is (= :unknown (:valid? (evidence/check [] ["kill-leader"]))) "all were skipped")
    (is (true? (:valid? (evidence/check [(assoc fault :by-hand {"n1" 70})] []))) "a supervisor starts it again")
    (is (false? (:valid? (evidence/check [(assoc fault :by-hand {"n1" 134})] []))) "it crashed")
    (is (false? (:valid? (evidence/check [(assoc-in fault [:evidence :all-ready-again] false)] []))))
    (is (= :unknown (core/merge-valid [true :unknown true])))
    (is (false? (core/merge-valid [true :unknown false])))))

(deftest node-that-goes-on-after-its-disk-failed-is-convicted
  (let [well {:fsyncs-failed 1 :n1-stopped true :n1-stopped-after-ms 120 :n1-fsyncs-again 0 :n1-exit 70}
        judged (fn [& more]
                 (evidence/fail-stop [{:number 1 :id "N9" :name "fsync-eio-once" :proven true :evidence (apply assoc well :n1 "leads" more)}]))]
    (is (true? (:valid? (judged))))
    (doseq [[what wrong broken] [[:n1-stopped false :went-on] [:n1-stopped-after-ms 5001 :late] [:n1-exit 134 :ended-otherwise]]
            :let [judgement (judged what wrong)]]
      (is (false? (:valid? judgement)))
      (is (seq (broken judgement))))))

(deftest fsync-that-is-tried-again-after-it-failed-is-convicted
  (let [fault (fn [again] {:number 1 :id "N9" :name "fsync-eio-once" :proven true
                           :evidence {:n2-stopped true :n2-stopped-after-ms 80 :n2-fsyncs-again again :n2-exit 70}})]
    (is (true? (:valid? (evidence/fail-stop [(fault 0)]))))
    (is (= {:valid? false :fsynced-again [{:fault 1 :name "fsync-eio-once" :node "n2" :fsyncs-again 1}]}
           (select-keys (evidence/fail-stop [(fault 1)]) [:valid? :fsynced-again])))))

(deftest flipped-bit-that-nobody-sees-or-names-is-convicted
  (let [judged (fn [outcome named] (evidence/flips [{:kind :table :file "000012.sst" :outcome outcome :named named}]))]
    (is (true? (:valid? (judged :held false))))
    (is (true? (:valid? (judged :refused true))))
    (is (= 1 (:held (judged :refused true))))
    (doseq [[outcome named] [[:wrong false] [:broke true] [:refused false]]]
      (is (false? (:valid? (judged outcome named))))
      (is (= 0 (:held (judged outcome named)))))))

(deftest node-that-serves-what-was-damaged-is-convicted
  (let [fault (fn [evidence] {:number 1 :id "N11" :name "zeroed-segment" :proven true :evidence (merge {:all-ready-again true} evidence)})]
    (is (true? (:valid? (evidence/check [(fault {})] []))))
    (is (false? (:valid? (evidence/check [(fault {:served-wrong "another event"})] []))))))
